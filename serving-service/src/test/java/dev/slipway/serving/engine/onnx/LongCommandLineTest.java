package dev.slipway.serving.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** ONNX Runtime reads the command line of its process while it is loaded. */
class LongCommandLineTest {
  /** Run in a process of its own, which a fault of the native library ends. */
  static final class Load {
    private Load() {}

    public static void main(String[] arguments) {
      System.out.print(OnnxRuntimeAccess.get().environment().getVersion());
    }
  }

  @Test
  void runtimeIsLoadedInAProcessWithALongCommandLine() throws Exception {
    ProcessBuilder builder = new ProcessBuilder(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            Load.class.getName(),
            "x/y".repeat(7_000)))
        .redirectErrorStream(true);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).containsPattern("1\\.\\d+\\.\\d+$");
  }
}
