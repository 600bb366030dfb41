package dev.slipway.registry.web;

import static dev.slipway.registry.release.Scene.ask;
import static dev.slipway.registry.release.Scene.promote;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.common.artifact.Digest;
import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.artifact.ArtifactTree;
import dev.slipway.registry.release.Scene;
import dev.slipway.registry.tracking.Experiments;
import dev.slipway.registry.tracking.KeyValue;
import dev.slipway.registry.tracking.RunLog;
import dev.slipway.registry.tracking.Runs;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class PageJsonTest {
  private static final String CHROMIUM =
      "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

  @Inject
  Scene scene;

  @Inject
  Experiments experiments;

  @Inject
  Runs runs;

  @Inject
  RunLog log;

  @Inject
  ArtifactTree tree;

  private static ValidatableResponse json(String page) {
    return given()
        .accept("application/json")
        .get(page)
        .then()
        .statusCode(200)
        .contentType("application/json")
        .header("Vary", containsString("Accept"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/requests",
        "/gateways",
        "/audit",
        "/sign-in",
        "/experiments",
        "/experiments/0"
      })
  void everyPageIsJsonForWhoAsksAndHtmlForEverybodyElse(String page) {
    json(page).body("$", notNullValue());
    for (String accept : new String[] {CHROMIUM, "*/*", "text/html, application/json"}) {
      given()
          .accept(accept)
          .get(page)
          .then()
          .statusCode(200)
          .contentType("text/html")
          .header("Vary", containsString("Accept"));
    }
  }

  @Test
  void pagesHoldTheRecordsOfTheApi() {
    scene.model("as-json", 3);
    promote("as-json", 1);
    promote("as-json", 2);
    ask("as-json", 3, "Staging");
    long request = ask("as-json", 3, "Production");

    same("/models/as-json", "model", "/models/as-json");
    same("/models/as-json/versions/3", "version", "/models/as-json/versions/3");
    same("/models/as-json/versions/3", "files", "/models/as-json/versions/3/files", "files");
    same("/requests/" + request, "request", "/requests/" + request);
    same("/requests/" + request, "live", "/models/as-json/versions/2");
    same("/models/as-json", "policy", "/models/as-json/policy");
    json("/models/as-json")
        .body("versions.version", is(List.of(2, 3, 1)))
        .body("requests.id", is(List.of((int) request)))
        .body("history[0].kind", notNullValue());
    json("/requests/" + request)
        .body("obstacles.approve", containsString("anonymous"))
        .body("release", nullValue());
    json("/requests").body("requests.id", hasItem((int) request));
    json("/audit?object=model/as-json").body("entries.action", hasItem("model.create"));
    json("/models/as-json/compare?left=1&right=2&all=true")
        .body("sides.name", is(List.of("v1", "v2")))
        .body("rows.name", hasItem("stage"));
  }

  @Test
  void runsTheirFilesAndTheirComparisonAreJson() {
    String experiment =
        String.valueOf(experiments.create("json-" + UUID.randomUUID(), null, List.of()));
    String first = run(experiment, "first", "3");
    String second = run(experiment, "second", "5");
    String root = ArtifactTree.pathOf(runs.info(first).artifactUri()).orElseThrow();
    byte[] text = "a,b".getBytes(StandardCharsets.UTF_8);
    tree.put(new ArtifactPath(root + "/notes/a.csv"), new ByteArrayInputStream(text));

    json("/runs/" + first)
        .body("run.info.run_id", is(first))
        .body("files.name", is(List.of("notes")))
        .body("versions", is(List.of()))
        .body("next", nullValue());
    json("/runs/" + first + "/files?path=notes/a.csv")
        .body("path", is("notes/a.csv"))
        .body("size", is(3))
        .body("digest", is(Digest.of(text).value()));
    json("/runs/compare?run=" + first + "&run=" + second)
        .body("sides.name", is(List.of("first", "second")))
        .body("rows.find { it.name == 'depth' }.values", is(List.of("3", "5")));
  }

  @Test
  void policiesAreJson() {
    scene.model("json-policy", 0);

    json("/policies").body("policy.mode", notNullValue()).body("groups", notNullValue());
    same("/models/json-policy/policy", "policy", "/models/json-policy/policy");
    json("/models/json-policy/policy").body("settings.number", is(0)).body("past", is(List.of()));
  }

  private String run(String experiment, String name, String depth) {
    String id =
        runs.create(experiment, "alice", 1_000_000L, name, List.of()).info().runId();
    log.param(id, new KeyValue("depth", depth));
    return id;
  }

  private static void same(String page, String field, String api, String... apiField) {
    Map<String, Object> whole = Scene.get(api).extract().path("$");
    assertThat(json(page).extract().<Object>path(field))
        .isEqualTo(apiField.length == 0 ? whole : whole.get(apiField[0]));
  }

  @Test
  void listsAreFollowedByTheirNextAddress() {
    for (int i = 100; i < 151; i++) {
      scene.model("json-listed-" + i, 0);
    }
    String next = json("/?q=json-listed-")
        .body("models.size()", is(50))
        .body("next", endsWith("after=json-listed-149"))
        .extract()
        .path("next");
    json(next).body("models.name", is(List.of("json-listed-150"))).body("next", nullValue());
  }

  @Test
  void refusalIsTheProblemThatTheApiTells() {
    for (String page : new String[] {"/models/no-such-json", "/requests/99999999"}) {
      given()
          .accept("application/json")
          .get(page)
          .then()
          .statusCode(404)
          .contentType("application/problem+json")
          .body("type", containsString("urn:slipway:problem:"));
    }
  }
}
