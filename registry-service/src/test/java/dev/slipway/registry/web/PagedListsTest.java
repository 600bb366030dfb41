package dev.slipway.registry.web;

import static dev.slipway.registry.release.Scene.ask;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.artifact.ArtifactTree;
import dev.slipway.registry.release.Scene;
import dev.slipway.registry.tracking.Experiments;
import dev.slipway.registry.tracking.KeyValue;
import dev.slipway.registry.tracking.RunLog;
import dev.slipway.registry.tracking.Runs;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** However long a list is, a page shows a part of it and leads to the next: everything once, in one order. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class PagedListsTest {
  private static final String DIGEST = "sha256:" + "5a".repeat(32);

  @Inject
  Scene scene;

  @Inject
  DataSource source;

  @Inject
  Experiments experiments;

  @Inject
  Runs runs;

  @Inject
  RunLog log;

  private final Browser visitor = new Browser();

  @Test
  void aModelLeadsToOlderVersionsOtherRequestsAndWhatHappenedBefore() {
    scene.model("long-list", 0);
    List<Long> asked = new ArrayList<>();
    for (int version = 1; version <= 21; version++) {
      scene.version("long-list");
      ask("long-list", version, "Staging");
      asked.add(ask("long-list", version, "Production"));
    }

    String page = visitor.get("/models/long-list").asString();

    assertThat(found(page, "/versions/(\\d+)\">v")).hasSize(20).startsWith("21").endsWith("2");
    String older = next(page, "Older in Staging");
    assertThat(found(visitor.get(older).asString(), "/versions/(\\d+)\">v")).containsExactly("1");
    assertThat(visitor.get(next(page, "More open requests")).asString())
        .contains(requests(asked.subList(0, 1)))
        .doesNotContain("/requests/" + asked.get(1) + "\"");
    List<String> events = new ArrayList<>(events(page));
    assertThat(events).hasSize(50);
    String before = visitor.get(next(page, "What happened before")).asString();
    events.addAll(events(before));
    assertThat(before).doesNotContain("What happened before");
    assertThat(events).hasSize(63).doesNotHaveDuplicates();
    assertThat(events.getFirst()).contains("version 21 Staging → Production");
    assertThat(events.getLast()).contains("version 1 None → Staging");
  }

  @Test
  void historyOfTheApiIsPagedToo() {
    scene.model("long-history", 3);
    IntStream.rangeClosed(1, 3).forEach(version -> ask("long-history", version, "Staging"));
    List<String> all = Scene.get("/models/long-history/history").extract().path("entries.text");
    List<String> paged = new ArrayList<>();
    String next = null;
    do {
      var page = given()
          .queryParam("page_size", 2)
          .queryParam("page_token", next == null ? "" : next)
          .get("/api/v1/models/long-history/history")
          .then()
          .statusCode(200)
          .extract();
      paged.addAll(page.<List<String>>path("entries.text"));
      next = page.path("next_page_token");
    } while (next != null);

    assertThat(paged).isEqualTo(all).hasSize(6);
  }

  @Test
  void filesOfAVersionAreShownPageAfterPage() throws SQLException {
    scene.model("many-files", 1);
    long id = scene.get("many-files", 1).id();
    files("version", id, "part-");

    String page = visitor.get("/models/many-files/versions/1").asString();

    List<String> shown = new ArrayList<>(found(page, ">(part-\\d+)</a>"));
    assertThat(shown).hasSize(200);
    shown.addAll(
        found(visitor.get(next(page, "Next page of files")).asString(), ">(part-\\d+)</a>"));
    assertThat(shown).hasSize(205).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void filesOfARunAreShownPageAfterPage() throws SQLException {
    String experiment =
        String.valueOf(experiments.create("many-" + UUID.randomUUID(), null, List.of()));
    var run =
        runs.create(experiment, "alice", 1_000_000L, "many files", List.of()).info();
    files("tree", 0, ArtifactTree.pathOf(run.artifactUri()).orElseThrow() + "/tables and more/t-");

    String page = visitor.get("/runs/" + run.runId() + "?path=tables and more").asString();

    List<String> shown = new ArrayList<>(found(page, ">(t-\\d+)</a>"));
    assertThat(shown).hasSize(200);
    shown.addAll(found(visitor.get(next(page, "Next page of files")).asString(), ">(t-\\d+)</a>"));
    assertThat(shown).hasSize(205).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void aComparisonOfVeryManyFactsIsShownPageAfterPage() {
    String experiment =
        String.valueOf(experiments.create("wide-" + UUID.randomUUID(), null, List.of()));
    String compare =
        "/runs/compare?run=" + wide(experiment, "one") + "&run=" + wide(experiment, "two");

    String page = visitor.get(compare).asString();

    List<String> shown = new ArrayList<>(found(page, "</span> (wide-\\d+)</th>"));
    String last = visitor.get(next(page, "More rows")).asString();
    shown.addAll(found(last, "</span> (wide-\\d+)</th>"));
    assertThat(shown).hasSize(230).doesNotHaveDuplicates().isSorted();
    assertThat(last).doesNotContain("More rows");
    assertThat(visitor.get(compare + "&from=999").asString()).contains("wide-000");
  }

  private String wide(String experiment, String value) {
    String run =
        runs.create(experiment, "alice", 1_000_000L, "wide", List.of()).info().runId();
    IntStream.range(0, 230)
        .forEach(i -> log.param(run, new KeyValue("wide-%03d".formatted(i), value)));
    return run;
  }

  @Test
  void versionsOnAGatewayAreShownPageAfterPage() throws SQLException {
    List<Map<String, Object>> loaded = IntStream.range(0, 130)
        .mapToObj(i -> Map.<String, Object>of(
            "model",
            "paged-there-" + i / 2,
            "version",
            1 + i % 2,
            "digest",
            DIGEST,
            "state",
            "READY"))
        .toList();
    given()
        .header("X-Slipway-Service-Token", RegistryBackends.SERVICE_TOKEN)
        .contentType("application/json")
        .body(Map.of(
            "replica",
            "gateway-with-many",
            "started_at",
            Instant.now().toString(),
            "epoch",
            "none",
            "revision",
            0,
            "selector",
            Map.of("names", List.of("no-model-has-this-name")),
            "loaded",
            loaded))
        .post("/internal/v1/reports")
        .then()
        .statusCode(204);
    try {
      String first = visitor.get("/gateways?gateway=gateway-with-many").asString();
      List<String> shown = new ArrayList<>(found(first, ">(paged-there-\\d+ v\\d)</a>"));
      assertThat(shown).hasSize(100);
      assertThat(first).contains("130 of 130 not as desired");
      shown.addAll(found(
          visitor.get(next(first, "Next page of gateway-with-many")).asString(),
          ">(paged-there-\\d+ v\\d)</a>"));
      assertThat(shown).hasSize(130).doesNotHaveDuplicates();
    } finally {
      run("delete from replica where name = 'gateway-with-many'");
    }
  }

  private void files(String kind, long owner, String prefix) throws SQLException {
    run(
        "insert into blob (digest, object_key, size, created_at) values ('" + DIGEST
            + "', 'blobs/of-paged-lists', 1, now()) on conflict do nothing",
        "insert into artifact (owner_kind, owner_id, path, digest, size, created_at) select '"
            + kind
            + "', " + owner + ", '" + prefix + "' || lpad(i::text, 3, '0'), '" + DIGEST
            + "', 1, now() from generate_series(1, 205) i");
  }

  private static String[] requests(List<Long> ids) {
    return ids.stream().map(id -> "/requests/" + id + "\"").toArray(String[]::new);
  }

  private static List<String> events(String page) {
    return found(page, "<li>\\s*<span>([^<]+)</span>\\s*<span class=\"quiet\"><time");
  }

  private static List<String> found(String page, String pattern) {
    return Pattern.compile(pattern)
        .matcher(page)
        .results()
        .map(it -> it.group(1))
        .toList();
  }

  /** Where a link with this text leads. */
  private static String next(String page, String text) {
    Matcher link =
        Pattern.compile("href=\"([^\"#]+)[^\"]*\">" + Pattern.quote(text)).matcher(page);
    assertThat(link.find()).as(text).isTrue();
    // The client encodes what it is given.
    return URLDecoder.decode(link.group(1).replace("&amp;", "&"), StandardCharsets.UTF_8);
  }

  private void run(String... statements) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
