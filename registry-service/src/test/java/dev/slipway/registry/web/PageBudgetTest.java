package dev.slipway.registry.web;

import static dev.slipway.registry.release.Scene.ask;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.release.Scene;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * With 5,000 models, 100,000 runs, 5,000 versions of a model, 10,000 files of a version and 1,000 versions on a gateway a page is at
 * most 100 KB as it is sent, and there in 300 ms.
 */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class PageBudgetTest {
  private static final Duration MOST_TIME = Duration.ofMillis(300);
  private static final int MOST_BYTES = 100 * 1024;
  private static final long EXPERIMENT = 777_000_777L;
  private static final int TRIES = 20;

  private static final String DIGEST = "sha256:" + "b6".repeat(32);

  @Inject
  DataSource source;

  @Inject
  Scene scene;

  private long request;

  @TestHTTPResource("/")
  URI base;

  @BeforeEach
  void fill() throws SQLException {
    run(
        "insert into registered_model (name, description, created_by, created_at, updated_at)"
            + " select 'budget-' || i, repeat('words of a description ', 20), 'alice', now(), now()"
            + " from generate_series(1, 5000) i",
        "insert into experiment (id, name, artifact_location, creation_time, last_update_time)"
            + " values (" + EXPERIMENT + ", 'budget', 'mlflow-artifacts:/budget', 1, 1)",
        "insert into run (run_id, experiment_id, name, user_id, status, start_time, artifact_uri)"
            + " select 'budget' || i, " + EXPERIMENT
            + ", 'run ' || i, 'alice', 'FINISHED', i, 'mlflow-artifacts:/budget/' || i"
            + " from generate_series(1, 100000) i",
        // The connection's plan for the next statement's foreign keys may be one for a table of few
        // rows: then each of them reads
        // all of the runs, for five minutes.
        "analyze run",
        "insert into run_param (run, key, value) select id, 'depth', (id % 9)::text from run where experiment_id = "
            + EXPERIMENT,
        "analyze run_param",
        "analyze registered_model");
    weighty();
  }

  /** A model with far too much of everything; a version of it waits for its reviewers. */
  private void weighty() throws SQLException {
    scene.model("weighty", 2);
    ask("weighty", 2, "Staging");
    request = ask("weighty", 2, "Production");
    run(
        "insert into model_version (model_id, number, status, description, created_by, created_at, updated_at)"
            + " select m.id, i, 'READY', repeat('words of a description ', 20), 'alice', now(), now()"
            + " from registered_model m, generate_series(101, 5100) i where m.name = 'weighty'",
        "insert into blob (digest, object_key, size, created_at) values ('" + DIGEST
            + "', 'blobs/of-the-budget', 1, now()) on conflict do nothing",
        "insert into artifact (owner_kind, owner_id, path, digest, size, created_at)"
            + " select 'version', " + scene.get("weighty", 2).id()
            + ", 'parts/part-' || i, '" + DIGEST + "', 1, now() from generate_series(1, 10000) i",
        "analyze model_version",
        "analyze artifact");
    List<Map<String, Object>> loaded = IntStream.range(0, 1000)
        .mapToObj(i -> Map.<String, Object>of(
            "model", "weighty-there-" + i, "version", 1, "digest", DIGEST, "state", "READY"))
        .toList();
    given()
        .header("X-Slipway-Service-Token", RegistryBackends.SERVICE_TOKEN)
        .contentType("application/json")
        .body(Map.of(
            "replica",
            "weighty-gateway",
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
  }

  /** Past the foreign keys: to look for what refers to each of 100,000 runs takes minutes, and their parameters go first. */
  @AfterEach
  void empty() throws SQLException {
    run(
        "delete from run_param where run in (select id from run where experiment_id = " + EXPERIMENT
            + ")",
        "set session_replication_role = replica",
        "delete from replica where name = 'weighty-gateway'",
        "delete from artifact where digest = '" + DIGEST + "'",
        "delete from model_version where number > 100 and model_id in"
            + " (select id from registered_model where name = 'weighty')",
        "delete from run where experiment_id = " + EXPERIMENT,
        "delete from experiment where id = " + EXPERIMENT,
        "delete from registered_model where name like 'budget-%'",
        "reset session_replication_role",
        "analyze");
  }

  @Test
  void firstAndLaterPagesKeepWithinTheirBudget() throws Exception {
    String runs = "experiments/" + EXPERIMENT;
    for (String page : new String[] {
      "",
      "?q=budget-4",
      "?after=budget-4000",
      "requests",
      "experiments",
      runs,
      runs + "?filter=params.depth%20%3D%20'3'",
      runs + "?order=attributes.start_time%20ASC",
      "runs/budget5",
      "models/weighty",
      "models/weighty?stage=None&before=2000",
      "models/weighty/versions/2",
      "models/weighty/versions/2?after=parts/part-5000",
      "models/weighty/compare?left=1&right=101&all=true",
      "requests/" + request,
      "gateways",
      "audit"
    }) {
      keepsWithinBudget(page);
    }
    String first = get(base.resolve(runs), false).body();
    String next = first.replaceAll("(?s).*rel=\"next\" href=\"/([^\"]+)\".*", "$1");
    assertThat(next).startsWith(runs).contains("after=");
    keepsWithinBudget(next.replace("&amp;", "&"));
  }

  /** The best of some tries: a busy machine delays one, and does not delay all. */
  private void keepsWithinBudget(String page) throws Exception {
    URI url = base.resolve("/" + page);
    HttpResponse<String> answer = get(url, true);
    assertThat(answer.statusCode()).as(page).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Encoding")).as(page).contains("gzip");
    assertThat(answer.body().length()).as("bytes of /" + page).isLessThanOrEqualTo(MOST_BYTES);
    Duration best = Duration.ofMinutes(1);
    for (int i = 0; i < TRIES && best.compareTo(MOST_TIME) >= 0; i++) {
      long begin = System.nanoTime();
      get(url, true);
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      best = took.compareTo(best) < 0 ? took : best;
    }
    assertThat(best).as("/" + page).isLessThan(MOST_TIME);
  }

  /** A compressed body is read as bytes, one a character. */
  private static HttpResponse<String> get(URI url, boolean compressed) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(url);
    if (compressed) {
      request.header("Accept-Encoding", "gzip");
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          request.build(),
          compressed
              ? BodyHandlers.ofString(java.nio.charset.StandardCharsets.ISO_8859_1)
              : BodyHandlers.ofString());
    }
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
