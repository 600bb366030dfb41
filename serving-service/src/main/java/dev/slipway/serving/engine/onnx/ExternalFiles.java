package dev.slipway.serving.engine.onnx;

import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.onnx.ProtoReader.MalformedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where the ONNX files of a folder keep their weights. */
public final class ExternalFiles {
  private ExternalFiles() {}

  /**
   * What is wrong with the external data of any ONNX file in the folder, wherever in a graph it is named: outside the folder,
   * missing, or a link that leads out. A file that is no ONNX model has none.
   */
  public static List<String> outside(Path folder) throws IOException {
    List<String> faults = new ArrayList<>();
    try (var walk = Files.walk(folder)) {
      for (Path file :
          walk.filter(it -> it.toString().endsWith(".onnx")).sorted().toList()) {
        try {
          ExternalData.check(folder, file, OnnxGraph.read(file));
        } catch (ModelLoadException fault) {
          faults.add(fault.getMessage());
        } catch (MalformedException unreadable) {
          faults.add(folder.relativize(file) + " is not a readable ONNX file");
        }
      }
    }
    return faults;
  }
}
