package dev.slipway.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.launcher.client.ScriptedService;
import dev.slipway.launcher.client.ScriptedService.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictTest {
  @TempDir
  private Path folder;

  @Test
  void rowsOfAFileAreSentAsWhatTheyAre() throws IOException {
    Path csv = Files.writeString(folder.resolve("rows.CSV"), "a,b\n6.0,\"2,7\"\n");
    Path json = Files.writeString(folder.resolve("rows.json"), "{\"rows\":[[1]]}");
    try (var gateway = new ScriptedService(Answer.ok("{'model':'iris','version':2}"))) {
      assertThat(predict(gateway, "iris", "@" + csv)).isZero();
      assertThat(predict(gateway, "iris:1", "@" + json)).isZero();
      assertThat(predict(gateway, "iris", "{}")).isZero();

      assertThat(gateway.sent())
          .containsExactly(
              "text/csv\na,b\n6.0,\"2,7\"\n",
              "application/json\n{\"rows\":[[1]]}",
              "application/json\n{}");
      assertThat(gateway.asked())
          .containsExactly(
              "POST /models/iris/predict",
              "POST /models/iris/versions/1/predict",
              "POST /models/iris/predict");
    }
  }

  private static int predict(ScriptedService gateway, String name, String data) {
    return Slipway.commandLine().execute("predict", name, "-d", data, "--serving", gateway.url());
  }
}
