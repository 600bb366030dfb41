package dev.slipway.serving.probe;

import dev.slipway.common.job.Finding;
import dev.slipway.common.job.JobResult;
import dev.slipway.serving.engine.onnx.ExternalFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipFile;

/**
 * Whether a version's files are data and nothing else: no code and nothing that is run by being read, no links, no weights outside
 * the folder. A policy's {@code code_files} allows so many files that bear code, its {@code max_bytes} limits the size.
 */
final class ArtifactSafety implements TaskRunner {
  private static final int SHOWN = 20;
  private static final Set<String> CODE = Set.of(
      "py", "pyc", "so", "dll", "dylib", "jar", "class", "sh", "bat", "exe", "ipynb", "wasm", "js");
  /** Pickles, and formats that hold one or hold functions. */
  private static final Set<String> RUN_WHEN_READ =
      Set.of("pkl", "pickle", "cloudpickle", "joblib", "dill", "pt", "pth", "ckpt", "keras", "h5");

  /** A SavedModel's graph, whose operators can read and write files. */
  private static final String GRAPH = "saved_model.pb";

  /** More entries than a model's archive has. */
  private static final int MOST_ENTRIES = 100_000;

  @Override
  public JobResult run(ProbeTask task) {
    try {
      return JobResult.of(look(Path.of(task.folder()), task));
    } catch (IOException unreadable) {
      return new JobResult(
          null,
          JobResult.Outcome.FAILED,
          "the version's files could not be read",
          null,
          null,
          Map.of());
    }
  }

  private static Finding look(Path folder, ProbeTask task) throws IOException {
    List<String> code = new ArrayList<>();
    List<String> links = new ArrayList<>();
    long bytes = 0;
    int count = 0;
    try (var walk = Files.walk(folder)) {
      for (Path file : walk.sorted().toList()) {
        String shown = folder.relativize(file).toString();
        if (Files.isSymbolicLink(file)) {
          links.add(shown);
        } else if (Files.isRegularFile(file)) {
          count++;
          bytes += Files.size(file);
          if (bearsCode(file)) {
            code.add(shown);
          }
        }
      }
    }
    List<String> outside = ExternalFiles.outside(folder);
    List<String> faults = new ArrayList<>();
    outside.forEach(fault -> faults.add(fault));
    links.forEach(link -> faults.add("'" + link + "' is a link"));
    if (code.size() > limit(task, "code_files", 0)) {
      faults.add("bears code: " + String.join(", ", code.stream().limit(SHOWN).toList()));
    }
    if (bytes > limit(task, "max_bytes", Double.MAX_VALUE)) {
      faults.add("its files have " + bytes + " bytes together");
    }
    Map<String, Object> data = Map.of(
        "files", count,
        "bytes", bytes,
        "code_files", code.stream().limit(SHOWN).toList(),
        "links", links,
        "external_data", outside);
    return faults.isEmpty()
        ? Finding.green(
            count + (count == 1 ? " file, " : " files, ") + bytes + " bytes, "
                + (code.isEmpty() ? "data only" : code.size() + " with code, as the policy allows"),
            data)
        : Finding.red(String.join("; ", faults), data);
  }

  private static double limit(ProbeTask task, String name, double otherwise) {
    String ofPolicy = task.parameters().get(name);
    return ofPolicy == null ? otherwise : Double.parseDouble(ofPolicy);
  }

  private static boolean bearsCode(Path file) throws IOException {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    String ending = name.substring(name.lastIndexOf('.') + 1);
    return CODE.contains(ending)
        || RUN_WHEN_READ.contains(ending)
        || name.equals(GRAPH)
        || isPickleOrProgram(file)
        || isArchiveWithPickle(file);
  }

  /** By their first bytes: pickles of protocols 2 to 5 (Python, pickletools), ELF, and scripts. */
  private static boolean isPickleOrProgram(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(4);
      boolean pickle = head.length >= 2 && (head[0] & 0xff) == 0x80 && head[1] >= 2 && head[1] <= 5;
      boolean elf =
          head.length == 4 && head[0] == 0x7f && head[1] == 'E' && head[2] == 'L' && head[3] == 'F';
      boolean script = head.length >= 2 && head[0] == '#' && head[1] == '!';
      return pickle || elf || script;
    }
  }

  /** TorchScript and what torch.save writes, whatever the file is called: a zip archive with a pickle in it. */
  private static boolean isArchiveWithPickle(Path file) {
    try (var zip = new ZipFile(file.toFile())) {
      return zip.size() > MOST_ENTRIES
          || zip.stream().anyMatch(entry -> entry.getName().endsWith(".pkl"));
    } catch (IOException notZip) {
      return false;
    }
  }
}
