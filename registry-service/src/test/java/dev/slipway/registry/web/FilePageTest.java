package dev.slipway.registry.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.artifact.ArtifactTree;
import dev.slipway.registry.tracking.Experiments;
import dev.slipway.registry.tracking.Runs;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class FilePageTest {
  private static final byte[] PNG = HexFormat.of().parseHex("89504e470d0a1a0a0000000d49484452");

  @Inject
  Experiments experiments;

  @Inject
  Runs runs;

  @Inject
  ArtifactTree tree;

  private final Browser visitor = new Browser();
  private String run;

  @BeforeEach
  void startRun() {
    String experiment =
        String.valueOf(experiments.create("files-" + UUID.randomUUID(), null, List.of()));
    run = runs.create(experiment, "alice", 1L, "files", List.of()).info().runId();
  }

  private String log(String path, byte[] bytes) {
    String root = ArtifactTree.pathOf(runs.info(run).artifactUri()).orElseThrow();
    tree.put(new ArtifactPath(root + "/" + path), new ByteArrayInputStream(bytes));
    return "/runs/" + run + "/files?path=" + path;
  }

  private String log(String path, String text) {
    return log(path, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void textIsShownAndNeverMarkup() {
    visitor
        .get(log("notes/log.html", "<script>alert(1)</script>\nünïcode"))
        .then()
        .statusCode(200)
        .contentType("text/html")
        .body(containsString("&lt;script&gt;alert(1)&lt;/script&gt;\nünïcode</pre>"))
        .body(not(containsString("<script")))
        .body(containsString("/get-artifact?run_id=" + run));
    String cut = visitor.get(log("long.txt", "ü".repeat(Preview.MOST_BYTES))).asString();
    assertThat(cut).contains("That is the beginning").contains("üüü</pre>");
    visitor.get(log("empty.txt", "")).then().statusCode(200);
  }

  @Test
  void tableIsShownAsATable() {
    visitor
        .get(log("rows.csv", "name,\"of, what\"\r\n\"<b>\"\"x\"\"\",2\r\nlast,3"))
        .then()
        .body(containsString("<th scope=\"col\">of, what</th>"))
        .body(containsString("<td>&lt;b&gt;&quot;x&quot;</td><td>2</td>"))
        .body(containsString("<td>last</td><td>3</td>"))
        .body(not(containsString("That is the beginning")));
    assertThat(visitor.get(log("many.csv", "a\n" + "1\n".repeat(500))).asString())
        .contains("That is the beginning");
  }

  @Test
  void imageOfASafeKindIsShownAndMayDoNothing() {
    String page = log("plots/roc.png", PNG);
    visitor.get(page).then().body(containsString("<img class=\"preview\" src=\"/runs/" + run));
    visitor
        .get(page.replace("/files?", "/image?"))
        .then()
        .statusCode(200)
        .contentType("image/png")
        .header("Content-Security-Policy", containsString("sandbox"))
        .header("X-Content-Type-Options", is("nosniff"));
  }

  @Test
  void whatOnlyClaimsToBeAnImageIsNotServedAsOne() {
    String svg =
        log("evil.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");
    visitor.get(svg).then().body(not(containsString("<img"))).body(containsString("&lt;svg"));
    String html = log("evil.png", "<html><script>alert(1)</script>");
    for (String page : List.of(svg, html)) {
      visitor.get(page.replace("/files?", "/image?")).then().statusCode(404);
    }
    visitor
        .get(log("model.bin", new byte[] {0, 1, 2, (byte) 0xff}))
        .then()
        .body(containsString("neither text nor an image"));
  }

  @Test
  void whatIsNotThereIsNotFoundAndNothingOutsideIsReached() {
    log("there.txt", "x");
    visitor.get("/runs/" + run + "/files?path=nowhere.txt").then().statusCode(404);
    visitor.get("/runs/" + run + "/files?path=../../other").then().statusCode(400);
    visitor.get("/runs/" + run + "/files").then().statusCode(400);
    visitor.get("/runs/nobody/files?path=there.txt").then().statusCode(404);
  }
}
