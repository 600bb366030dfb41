package dev.slipway.registry.web;

import static dev.slipway.registry.release.Scene.ask;
import static dev.slipway.registry.release.Scene.promote;
import static dev.slipway.registry.release.Scene.put;
import static dev.slipway.registry.release.Scene.reviewed;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.release.Scene;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class PagesTest {
  private static final Pattern NO_SCRIPT_BUT_OURS = Pattern.compile(
      "((?!<script).|<script src=\"/assets/live.js\" defer></script>)*+", Pattern.DOTALL);

  @Inject
  Scene scene;

  private final Browser visitor = new Browser();

  @ParameterizedTest
  @ValueSource(strings = {"/", "/requests", "/gateways", "/audit", "/sign-in"})
  void pageIsHtmlThatNothingCanFrameOrScript(String path) {
    visitor
        .get(path)
        .then()
        .statusCode(200)
        .contentType("text/html")
        .header(
            "Content-Security-Policy",
            allOf(startsWith("default-src 'self';"), containsString("frame-ancestors 'none'")))
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "same-origin")
        .body(matchesPattern(NO_SCRIPT_BUT_OURS))
        .body(not(containsString("style=")))
        .body(containsString("<h1>"));
  }

  @Test
  void theStylesheetIsSmall() {
    byte[] css = visitor.get("/assets/slipway.css").asByteArray();

    assertThat(css).hasSizeBetween(1_000, 20_000);
  }

  @Test
  void emptyPagesShowTheCommandThatFillsThem() {
    visitor
        .get("/?q=no-model-has-this-name")
        .then()
        .body(containsString("No model has “no-model-has-this-name”"));
    visitor
        .get("/requests?state=expired&before=1")
        .then()
        .body(containsString("slipway promote iris:1 --to production"));
    visitor.get("/audit?object=model/nothing").then().body(containsString("Nothing is recorded"));
    scene.model("page-empty", 0);
    visitor
        .get("/models/page-empty")
        .then()
        .statusCode(200)
        .body(containsString("slipway push page-empty model.onnx --registry http://"))
        .body(containsString("no live version"));
    scene.version("page-empty");
    visitor
        .get("/models/page-empty/versions/1")
        .then()
        .statusCode(200)
        .body(containsString("curl -T model.onnx"));
  }

  @Test
  void modelPageShowsStagesHistoryAndWhatIsLive() {
    scene.model("page-typical", 3);
    promote("page-typical", 1);
    promote("page-typical", 2);
    long open = requested("page-typical", 3);

    visitor
        .get("/models/page-typical")
        .then()
        .statusCode(200)
        .body(containsString("v2 live"))
        .body(containsString("v1 standby"))
        .body(containsString("/requests/" + open))
        .body(containsString("Roll back to v1"))
        .body(containsString("version 2 went live in place of version 1"))
        .body(not(containsString("Roll back to v2")));
    visitor.get("/?q=PAGE-TYP").then().body(containsString("v2 live"));
    visitor
        .get("/models/page-typical/versions/2")
        .then()
        .body(containsString(Scene.digest("page-typical", 2).value()))
        .body(containsString("<option>Archived</option>"));
    visitor.get("/requests").then().body(containsString("page-typical v3"));
    visitor.get("/audit?object=model/page-typical").then().body(containsString("model.create"));
    visitor
        .get("/requests/" + open)
        .then()
        .body(containsString("replacing"))
        .body(containsString("Not possible: "));
  }

  @Test
  void modelsArePagedByName() {
    for (int i = 100; i < 151; i++) {
      scene.model("paged-" + i, 0);
    }
    String first = visitor.get("/?q=paged-").asString();
    assertThat(first).contains("/models/paged-149\"").doesNotContain("/models/paged-150\"");
    String next = first.replaceAll("(?s).*rel=\"next\" href=\"([^\"]+)\".*", "$1");
    assertThat(visitor.get(next.replace("&amp;", "&")).asString())
        .contains("/models/paged-150\"")
        .contains("/sign-in?next=%2F%3Fq%3Dpaged-%26after%3Dpaged-149")
        .doesNotContain("/models/paged-149\"");
  }

  @Test
  void auditShowsTheNewestFirstOfOneObjectWithWhatBelongsToItOneActorOneKindOfDeed() {
    scene.model("page-audited", 1);
    scene.model("page-audited-other", 0);
    ask("page-audited", 1, "Staging");

    String all = visitor.get("/audit?object=model/page-audited").asString();
    assertThat(all)
        .contains("model.create", "version.create", "request.open")
        .doesNotContain("page-audited-other");
    assertThat(all.indexOf("request.open")).isLessThan(all.indexOf(">model.create<"));
    assertThat(visitor.get("/audit?object=model/page-audited&action=request").asString())
        .contains("request.open")
        .doesNotContain(">model.create<");
    assertThat(visitor.get("/audit?object=model/page-audited&actor=nobody").asString())
        .contains("Nothing is recorded");
    assertThat(visitor.get("/audit?object=model/page_audited").asString())
        .contains("Nothing is recorded");
  }

  @Test
  void modelsTellWhatIsLiveSinceWhenHowItDoesAndWhatIsNewer() {
    scene.model("page-standing", 3);
    scene.tag("page-standing", "team", "fraud");
    promote("page-standing", 1);

    visitor
        .get("/?q=page-standing")
        .then()
        .body(containsString("v1 live"))
        .body(containsString("since "))
        .body(containsString("2 newer than live"))
        .body(containsString("on no gateway"))
        .body(containsString("team: fraud"));
  }

  @Test
  void whatPeopleWriteIsNeverMarkup() {
    Scene.post(
            "alice",
            "/models",
            Map.of("name", "markup", "description", "<script>alert(\"x\")</script>"))
        .then()
        .statusCode(201);
    for (String path :
        new String[] {"/?q=markup", "/models/markup", "/audit?object=model/markup"}) {
      assertThat(visitor.get(path).asString()).matches(NO_SCRIPT_BUT_OURS);
    }
    visitor.get("/models/markup").then().body(containsString("&lt;script&gt;alert("));
    assertThat(visitor.get("/?q=%22%3E%3Cscript%3E").asString()).matches(NO_SCRIPT_BUT_OURS);
  }

  @Test
  void voidApprovalIsStruckThroughWithItsReason() {
    scene.model("page-void", 1);
    put("root", "/models/page-void/policy", reviewed(0, 2, 0)).then().statusCode(200);
    long request = requested("page-void", 1);
    Scene.approve("bob", request).then().statusCode(200);
    visitor.get("/requests/" + request).then().body(containsString("1 of 2 valid"));
    put("root", "/models/page-void/policy", reviewed(0, 1, 0)).then().statusCode(200);
    visitor
        .get("/requests/" + request)
        .then()
        .body(containsString("0 of 1 valid"))
        .body(containsString("<s>bob: "))
        .body(containsString("Void: "));
  }

  @Test
  void checksTellTheirVerdictInWordsAndWhetherTheyAreRequired() {
    scene.model("page-checks", 1);
    put(
            "root",
            "/models/page-checks/policy",
            Map.of(
                "mode",
                "reviewed",
                "moves",
                Map.of("Production", Map.of("approvals", 1, "checks", List.of("fair", "fast")))))
        .then()
        .statusCode(200);
    long request = requested("page-checks", 1);
    Map<String, Object> data = Map.of(
        "p99_ms",
        1.25,
        "worst",
        List.of(Map.of("input", "<a>", "off_by", 0.5), Map.of("input", 2)));
    Scene.post(
            "bob",
            "/requests/" + request + "/checks",
            Map.of("name", "fast", "verdict", "red", "summary", "too slow", "data", data))
        .then()
        .statusCode(200);
    Scene.post(
            "bob",
            "/requests/" + request + "/checks",
            Map.of("name", "card", "verdict", "green", "url", "https://ci.example/1"))
        .then()
        .statusCode(200);

    String page = visitor.get("/requests/" + request).asString();

    assertThat(page)
        .contains(">✗</span> fast: red", "too slow", "p99_ms", "<td>&lt;a&gt;</td>", "off_by")
        .contains(">✓</span> card: green", "href=\"https://ci.example/1\" rel=\"noreferrer\"")
        .contains(">●</span> fair: awaited", ">required<", "It waits for");
    assertThat(page.indexOf("fair: awaited")).isLessThan(page.indexOf("card: green"));
  }

  @Test
  void whatIsNotThereIsAPageToo() {
    for (String path :
        new String[] {"/models/nowhere", "/models/nowhere/versions/1", "/requests/999999999"}) {
      visitor
          .get(path)
          .then()
          .statusCode(404)
          .contentType("text/html")
          .body(containsString("There is no such thing"));
    }
    visitor.get("/requests?state=odd").then().statusCode(400).contentType("text/html");
  }

  @Test
  void aRequestIsReadAfterItsVersionWasDeleted() {
    scene.model("page-outlived", 2);
    promote("page-outlived", 1);
    long rejected = requested("page-outlived", 2);
    Scene.post("bob", "/requests/" + rejected + "/reject", Map.of("comment", "not this one"))
        .then()
        .statusCode(200);
    scene.delete("page-outlived", 2);

    visitor
        .get("/requests/" + rejected)
        .then()
        .statusCode(200)
        .body(containsString("v2 was deleted since."))
        .body(containsString("not this one"))
        .body(containsString("href=\"/models/page-outlived\""))
        .body(not(containsString("/models/page-outlived/versions/2")));
    given()
        .accept("application/json")
        .get("/requests/" + rejected)
        .then()
        .statusCode(200)
        .body("request.state", is("rejected"))
        .body("version", nullValue());
    visitor.get("/requests?state=rejected&model=page-outlived").then().statusCode(200);
  }

  private static long requested(String model, int version) {
    ask(model, version, "Staging");
    return ask(model, version, "Production");
  }
}
