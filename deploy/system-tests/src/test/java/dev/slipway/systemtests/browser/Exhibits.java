package dev.slipway.systemtests.browser;

import dev.slipway.systemtests.browser.Backlot.Scene;
import dev.slipway.systemtests.cluster.Http;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.scenario.IrisModels;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.awaitility.Awaitility;

/** A request whose checks have something to say, and a picture that a run logged. */
final class Exhibits {
  private final RegistryApi registry;
  private final Backlot backlot;

  Exhibits(RegistryApi registry, Backlot backlot) {
    this.registry = registry;
    this.backlot = backlot;
  }

  static byte[] picture() {
    var image = new BufferedImage(640, 320, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    for (int x = 0; x < 640; x++) {
      pen.drawLine(x, 320, x, (int) (300 * Math.exp(-x / 150.0)));
    }
    pen.dispose();
    var bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** A request with figures in each of its panels: another run on other data, and golden values that are not met. */
  void build(List<Scene> scenes) {
    String model = "look-evidence";
    registry.createModel(model).expect(201);
    registry.waiveApprovals(model);
    int live = version(model, 1, backlot.run("trained-in-june", 0.93));
    backlot.awaitInspected(model, live);
    registry.promote(model, live);
    registry.needsApprovals(model, 1, "golden", "metrics");
    int wanted = version(model, 2, backlot.run("trained-in-july", 0.8));
    backlot.awaitInspected(model, wanted);
    long request = backlot.ask(model, wanted, "twice as fast to train");
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !Http.get(registry.url().resolve("/api/v1/requests/" + request))
            .expect(200)
            .json()
            .path("checks")
            .toString()
            .contains("pending"));
    scenes.add(new Scene("request-evidence", "/requests/" + request));
    scenes.add(new Scene("policy", "/models/" + model + "/policy"));
    scenes.add(new Scene("version-lineage", "/models/" + model + "/versions/" + wanted));
  }

  private int version(String model, int iris, String run) {
    int number = registry
        .post(RegistryApi.pathOf(model) + "/versions", "alice", Map.of("run_id", run))
        .expect(201)
        .json()
        .path("version")
        .asInt();
    registry
        .put(model, number, "model.onnx", BodyPublishers.ofByteArray(IrisModels.onnx(iris)))
        .expect(201);
    String golden = "{\"request\": " + IrisModels.ROW
        + ", \"response\": {\"outputs\": [{\"name\": \"label\", \"datatype\": \"INT64\", \"shape\": [1], \"data\": [77]}]}}";
    registry
        .put(model, number, "golden/flower.json", BodyPublishers.ofString(golden))
        .expect(201);
    registry.complete(model, number).expect(200);
    return number;
  }
}
