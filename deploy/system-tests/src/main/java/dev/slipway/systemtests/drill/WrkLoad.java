package dev.slipway.systemtests.drill;

import dev.slipway.systemtests.cluster.Reaper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Load by the program {@code wrk}.
 *
 * @param jsonLength how much of the body is JSON where binary tensors follow; 0 where all is
 */
record WrkLoad(Path script, Path body, int jsonLength) implements Load {

  /** Whether there is a wrk. */
  static boolean present() throws IOException, InterruptedException {
    try {
      Process look = new ProcessBuilder("wrk", "--version")
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
      look.waitFor();
      return true;
    } catch (IOException missing) {
      return false;
    }
  }

  @Override
  public Figures run(String url, int connections, int seconds)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(
        "wrk", "-t1", "-c" + connections, "-d" + seconds + "s", "-s", script.toString(), url);
    builder.environment().put("BODY_FILE", body.toString());
    if (jsonLength > 0) {
      builder.environment().put("JSON_LENGTH", Integer.toString(jsonLength));
    }
    Process process = builder.redirectErrorStream(true).start();
    Reaper.watch(process.toHandle());
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Optional<String> result =
        output.lines().filter(line -> line.startsWith("RESULT ")).findFirst();
    if (process.waitFor() != 0 || result.isEmpty()) {
      throw new IOException("wrk failed on " + url + ": " + output);
    }
    List<String> fields = List.of(result.get().split(" "));
    double micros = Double.parseDouble(fields.get(2));
    return new Figures(
        Double.parseDouble(fields.get(1)) / micros * 1e6,
        Double.parseDouble(fields.get(3)),
        Double.parseDouble(fields.get(4)),
        Long.parseLong(fields.get(5)));
  }
}
