package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.store.ObjectStore;
import dev.slipway.common.store.ObjectStores;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.systemtests.cluster.Answer;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.cluster.Service;
import dev.slipway.systemtests.scenario.IrisModels;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A version that cannot be served never becomes live, and the one before serves on. */
class FailingVersionTest {
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster = Cluster.start(ClusterPlan.usual());
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"corrupt.onnx", "unknown-operator.onnx"})
  void aVersionThatCannotBeLoadedNeverGoesLive(String file) {
    String model = "fails-" + file.replace(".onnx", "");
    RegistryApi registry = withVersionOneLive(model);
    int broken = registry.addVersion(model, FixtureModels.broken(file));

    Answer asked = registry.askForProduction(model, broken);

    assertThat(refusal(registry, asked)).containsAnyOf("could not load", "cannot be served");
    servesOn(model, registry);
  }

  @Test
  void aByteFlippedInTheBucketIsRefusedByItsDigestAndTheOldVersionServesOn() throws Exception {
    String model = "flipped";
    RegistryApi registry = withVersionOneLive(model);
    Service gateway = cluster.servings().getFirst();
    // Down, so that it cannot have fetched the file, to inspect it, before the byte is flipped.
    gateway.stop();
    int version = registry.addVersion(model, IrisModels.onnx(2));
    String digest = fileDigest(registry, model, version);
    flipAByteOf(digest);
    gateway.start();

    Answer asked = registry.askForProduction(model, version);

    assertThat(refusal(registry, asked)).contains(digest.substring("sha256:".length(), 19));
    servesOn(model, registry);
  }

  private static RegistryApi withVersionOneLive(String model) {
    RegistryApi registry = cluster.registry();
    registry.createModel(model).expect(201);
    registry.waiveApprovals(model);
    int version = registry.addVersion(model, IrisModels.onnx(1));
    assertThat(registry.promote(model, version).path("state").asText()).isEqualTo("live");
    return registry;
  }

  /** Why it did not go live: its inspection has found out already, or its release fails. */
  private static String refusal(RegistryApi registry, Answer asked) {
    return asked.status() == 201
        ? failed(registry.awaitRelease(asked.json()))
        : asked.expect(409).text("detail");
  }

  private static String failed(JsonNode release) {
    assertThat(release.path("state").asText()).as(release.toString()).isEqualTo("failed");
    return release.path("reason").asText();
  }

  private static void servesOn(String model, RegistryApi registry) {
    assertThat(registry.live(model)).isEqualTo(1);
    assertThat(cluster.serving().infer(model, IrisModels.ROW).expect(200).version())
        .isEqualTo(1);
  }

  private static String fileDigest(RegistryApi registry, String model, int version) {
    return registry
        .getModel(model, "/versions/" + version + "/files")
        .expect(200)
        .json()
        .path("files")
        .path(0)
        .path("digest")
        .asText();
  }

  private static void flipAByteOf(String digest) throws Exception {
    String key;
    try (Connection connection = cluster.database().connect("slipway");
        PreparedStatement query =
            connection.prepareStatement("select object_key from blob where digest = ?")) {
      query.setString(1, digest);
      try (ResultSet row = query.executeQuery()) {
        assertThat(row.next()).isTrue();
        key = row.getString(1);
      }
    }
    try (ObjectStore store = ObjectStores.open(cluster.bucket())) {
      byte[] bytes = read(store, key);
      bytes[bytes.length / 2] ^= 1;
      store.put(key, new ByteArrayInputStream(bytes));
    }
  }

  private static byte[] read(ObjectStore store, String key) throws IOException {
    try (InputStream in = store.get(key)) {
      return in.readAllBytes();
    }
  }
}
