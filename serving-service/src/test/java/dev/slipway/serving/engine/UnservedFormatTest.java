package dev.slipway.serving.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnservedFormatTest {
  @TempDir
  Path folder;

  @ParameterizedTest
  @CsvSource({
    "model.pkl, skl2onnx",
    "model.joblib, skl2onnx",
    "model.skops, model.booster_",
    "weights.pt, torch.onnx.export",
    "model.keras, tf2onnx",
    "model.safetensors, weights without a model",
    "booster.ubj, onnxmltools",
    "notes.txt, no model file",
  })
  void saysWhatItIsAndWhatToDo(String file, String says) throws IOException {
    Files.createDirectories(folder.resolve("artifacts"));
    Files.writeString(folder.resolve("artifacts").resolve(file), "content");

    assertThat(UnservedFormat.explain(folder)).contains(says).doesNotContain(folder.toString());
  }

  @Test
  void aPickleWithoutItsNameIsToldByItsHeader() throws IOException {
    Files.write(folder.resolve("model.bin"), new byte[] {(byte) 0x80, 4, 1});

    assertThat(UnservedFormat.explain(folder)).contains("'model.bin' is a Python pickle");
  }
}
