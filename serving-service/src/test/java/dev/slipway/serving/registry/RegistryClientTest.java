package dev.slipway.serving.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.common.feed.Feed;
import dev.slipway.serving.registry.RegistryException.Kind;
import dev.slipway.serving.testing.FakeRegistry;
import dev.slipway.serving.testing.Feeds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryClientTest {
  @TempDir
  Path folder;

  @Test
  void anUnchangedFeedIsNoFeed() throws Exception {
    try (var registry = new FakeRegistry(folder, Duration.ofMillis(20));
        var client = new RegistryClient(registry.url(), FakeRegistry.TOKEN)) {
      registry.feed(Feeds.feed(3));

      assertThat(client.feed(Feeds.feed(3))).isEmpty();
      assertThat(client.feed(Feed.empty())).contains(Feeds.feed(3));
    }
  }

  @Test
  void aWrongTokenIsRefusedInWordsThatSayWhatToSet() throws Exception {
    try (var registry = new FakeRegistry(folder, Duration.ofMillis(20));
        var client = new RegistryClient(registry.url(), "other")) {
      assertThatThrownBy(() -> client.feed(Feed.empty()))
          .isInstanceOfSatisfying(
              RegistryException.class, failed -> assertThat(failed.kind()).isEqualTo(Kind.REFUSED))
          .hasMessageContaining("slipway.service-token")
          .hasMessageNotContaining("other");
    }
  }

  @Test
  void anUnknownManifestIsNotFound() throws Exception {
    try (var registry = new FakeRegistry(folder, Duration.ofMillis(20));
        var client = new RegistryClient(registry.url(), FakeRegistry.TOKEN)) {
      assertThatThrownBy(() -> client.manifest(Feeds.digest("nothing")))
          .isInstanceOfSatisfying(
              RegistryException.class,
              failed -> assertThat(failed.kind()).isEqualTo(Kind.NOT_FOUND));
    }
  }

  @Test
  void anAnswerThatIsNotTheWiresFormIsUnreadable() throws Exception {
    String traversal = "{\"files\":[{\"path\":\"../../etc/passwd\",\"size\":1,\"digest\":\""
        + Feeds.digest("x").value() + "\",\"object_key\":\"k\"}]}";
    for (String answer : new String[] {"<html>", "null", "{\"files\": 3}", traversal}) {
      HttpServer server = answering(answer);
      try (var client = new RegistryClient(
          URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "t")) {
        assertThatThrownBy(() -> client.manifest(Feeds.digest("x")))
            .as(answer)
            .isInstanceOfSatisfying(
                RegistryException.class,
                failed -> assertThat(failed.kind()).isEqualTo(Kind.UNREADABLE));
      } finally {
        server.stop(0);
      }
    }
  }

  private static HttpServer answering(String body) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    });
    server.start();
    return server;
  }
}
