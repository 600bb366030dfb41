package dev.slipway.systemtests.drill;

import dev.slipway.systemtests.cluster.Reaper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The runtime alone, in a virtual machine of its own, from source: nothing of ours is on its class path. */
record BareRate(Path home, BenchSubject subject, Path folder) {

  /** Runs a second of so many callers on one session. */
  double measure(int callers, int seconds) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(
        ProcessHandle.current().info().command().orElse("java"),
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        runtimeJar(),
        home.resolve("deploy/drills/bench/BareRuntime.java").toString(),
        subject.file().toString(),
        Integer.toString(subject.threads()),
        Integer.toString(callers),
        Integer.toString(seconds)));
    for (BenchSubject.Input input : subject.inputs()) {
      Path raw = Files.write(
          folder.resolve("input-" + input.name() + ".raw"), input.raw().array());
      String shape = Arrays.stream(input.shape().toArray())
          .mapToObj(Long::toString)
          .collect(Collectors.joining(","));
      command.addAll(List.of(input.name(), input.datatype().name(), shape, raw.toString()));
    }
    Process process = new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    Reaper.watch(process.toHandle());
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IOException("the bare runtime failed: " + output);
    }
    return Double.parseDouble(output);
  }

  private String runtimeJar() throws IOException {
    try (var jars = Files.list(home.resolve("serving-service/target/quarkus-app/lib/main"))) {
      return jars.filter(jar -> jar.getFileName().toString().contains("onnxruntime-"))
          .findFirst()
          .orElseThrow()
          .toString();
    }
  }
}
