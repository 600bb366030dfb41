package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.Json;
import dev.slipway.systemtests.cluster.Launcher.Outcome;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.scenario.IrisModels;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The commands that people type, against the packaged services; what goes well is in {@link TranscriptTest} too. */
@ExtendWith(SharedCluster.class)
class CommandsTest {
  private final Cluster cluster;

  @TempDir
  private Path folder;

  private Shell shell;
  private Map<String, String> environment;
  private RegistryApi registry;

  CommandsTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void callAsAlice() {
    registry = cluster.registry();
    shell = new Shell(cluster, folder);
    environment = shell.environment();
  }

  @Test
  void pushOfAFolderGoesOnWhereItWasCutOffAndPullBringsTheSameBytes() throws IOException {
    Path model = Files.createDirectories(folder.resolve("model/data"));
    Files.write(folder.resolve("model/model.onnx"), IrisModels.onnx(1));
    Files.writeString(model.resolve("näme with space.txt"), "ü");
    Files.createFile(model.resolve("empty"));
    Outcome first = run(0, "push", "folder", folder.resolve("model").toString());
    String digest = first.out().replaceFirst("(?s).*(sha256:[0-9a-f]{64}).*", "$1");
    // What a push leaves that was cut off: a pending version that names what it is to be, and some
    // of its files.
    registry.createModel("cut").expect(201);
    int begun = registry
        .post(
            "/api/v1/models/cut/versions", "alice", Map.of("tags", Map.of("slipway.push", digest)))
        .expect(201)
        .json()
        .path("version")
        .asInt();
    registry
        .put("cut", begun, "model.onnx", BodyPublishers.ofByteArray(IrisModels.onnx(1)))
        .expect(201);

    Outcome again = run(0, "push", "cut", folder.resolve("model").toString());

    assertThat(again.err()).contains("going on with cut:1", "model.onnx: there already");
    assertThat(again.out()).startsWith("cut:1  " + digest);
    assertThat(registry.getVersion("cut", 1).text("status")).isEqualTo("READY");
    Path pulled = folder.resolve("pulled");
    Files.createDirectories(pulled);
    Files.write(
        pulled.resolve("model.onnx.part"), java.util.Arrays.copyOf(IrisModels.onnx(1), 100));
    Outcome pull = run(0, "pull", "cut:latest", pulled.toString());
    assertThat(pull.err()).contains("model.onnx: ", "digest verified");
    assertThat(pulled.resolve("model.onnx")).hasBinaryContent(IrisModels.onnx(1));
    assertThat(pulled.resolve("data/näme with space.txt")).hasContent("ü");
    assertThat(pulled.resolve("data/empty")).isEmptyFile();
    assertThat(pulled.resolve("model.onnx.part")).doesNotExist();
    Files.write(pulled.resolve("model.onnx.part"), new byte[100]);
    Files.delete(pulled.resolve("model.onnx"));
    assertThat(run(1, "pull", "cut:1", pulled.toString()).err()).contains("another digest");
    assertThat(pulled.resolve("model.onnx")).doesNotExist();
  }

  @Test
  void listsAreTablesForPeopleAndJsonForMachines() {
    assertThat(run(0, "models", "typ").out()).containsPattern("typed +2 +2 ");
    assertThat(run(0, "versions", "typed").out())
        .containsPattern("2 +Production +live ")
        .containsPattern("1 +Archived +- ");
    JsonNode version =
        Json.read(run(0, "show", "typed:production", "-o", "json").out());
    assertThat(version.path("version").asInt()).isEqualTo(2);
    assertThat(run(0, "show", "typed:2").out()).contains("model.onnx", "probabilities");
    assertThat(run(0, "show", "typed").out()).contains("live version");
    assertThat(run(3, "show", "typed:2", "--inspect-again").err()).contains("can be served");
    assertThat(run(0, "compare", "typed:1", "2").out())
        .contains("stage", "file model.onnx")
        .doesNotContain("input X");
    assertThat(run(0, "compare", "typed:1", "typed:1").out()).contains("nothing differs");
    assertThat(run(0, "gateways").out()).containsPattern("gateway-0 +yes +typed:2 +live +ready");
    assertThat(run(0, "requests", "--state", "applied").out()).contains("typed:2");
    assertThat(run(0, "rollout", "history", "typed").out()).contains("went live in place of");
  }

  @Test
  void auditIsVerifiedFromTheRegistryAndFromAFileThatNobodyMayChange() throws IOException {
    assertThat(run(0, "audit", "verify").out()).startsWith("intact: ").contains("signed by key");
    Path log = folder.resolve("audit.jsonl");
    run(0, "audit", "export", log.toString());
    assertThat(run(0, "audit", "verify", log.toString()).out()).startsWith("intact: ");
    Files.writeString(log, Files.readString(log).replaceFirst("\"alice\"", "\"mallory\""));
    assertThat(run(1, "audit", "verify", log.toString()).out())
        .containsPattern("BROKEN at entry \\d+: entry \\d+ was altered");
  }

  @Test
  void csvAndJsonArePredictedAndTheCallCanBeSeen() throws IOException {
    Path csv = folder.resolve("rows.csv");
    Files.writeString(csv, "a,b,c,d\n6.0,2.7,5.1,1.6\n");
    Path json = folder.resolve("rows.json");
    Files.writeString(json, "{\"rows\": [[6.0, 2.7, 5.1, 1.6]]}");

    Outcome answered = run(0, "predict", "typed", "-d", "@" + json, "--curl");

    assertThat(answered.out()).contains("typed:2", "label");
    assertThat(answered.err()).contains("curl -u alice: --json", "/models/typed/predict");
    Outcome ofCsv = run(0, "predict", "typed", "-d", "@" + csv, "--curl");
    assertThat(ofCsv.out()).isEqualTo(answered.out());
    assertThat(ofCsv.err()).contains("Content-Type: text/csv");
    assertThat(Json.read(
                run(0, "predict", "typed:1", "-d", "@" + json, "-o", "json").out())
            .path("version")
            .asInt())
        .isEqualTo(1);
    assertThat(run(1, "predict", "typed", "-d", "{}").err()).contains("rows");
    assertThat(run(2, "predict", "typed", "-d", "@nowhere.json").err()).contains("no file");
  }

  @Test
  void exitCodesTellRefusedUsageConflictAndTimeOutApart() {
    assertThat(run(1, "show", "nowhere:1").err()).contains("nowhere");
    assertThat(run(2, "promote", "typed", "--to", "staging").err()).contains("typed:3");
    assertThat(run(2, "promote", "typed:1", "--to", "heaven").err()).contains("no stage");
    assertThat(run(2, "push", "typed", folder.resolve("nothing").toString()).err())
        .contains("no file");
    registry.createModel("waits").expect(201);
    registry.addVersion("waits", IrisModels.onnx(1));
    assertThat(run(3, "promote", "waits:1", "--to", "production").err()).contains("Staging");
    run(0, "promote", "waits:1", "--to", "staging", "--wait");
    Outcome late = run(4, "promote", "waits:1", "--to", "production", "--wait=0");
    assertThat(late.err()).contains("still open");
    String request = late.err().replaceFirst("(?s).*request (\\d+).*", "$1");
    assertThat(run(1, "review", request, "--approve").err()).contains("never counts");
    assertThat(run(0, "review", request, "--comment", "-m", "soon").out()).contains("alice: soon");
    assertThat(
            run(0, "review", request, "--reject", "-m", "no", "--as", "carol").out())
        .contains("rejected", "carol: reject: no");
    assertThat(run(3, "review", request, "--approve", "--as", "bob").err()).contains("rejected");
    environment.put("SLIPWAY_REGISTRY_URL", "http://127.0.0.1:1");
    assertThat(run(1, "models").err()).contains("nothing answers", "slipway up");
  }

  @Test
  void policyIsShownChangedAsSeenAndItsHistoryTold() throws IOException {
    registry.createModel("ruled").expect(201);
    assertThat(run(0, "policy", "show", "ruled").out())
        .contains("server's default", "to Production: 1 approval");
    Path seen = folder.resolve("policy.json");
    Files.writeString(
        seen,
        run(0, "policy", "show", "ruled", "-o", "json")
            .out()
            .replaceFirst("\"approvals\" : 1", "\"approvals\" : 2"));
    assertThat(run(1, "policy", "set", "ruled", "-f", seen.toString()).err()).contains("admin");
    assertThat(run(0, "policy", "set", "ruled", "-f", seen.toString(), "--as", "root")
            .out())
        .contains("policy of its own", "to Production: 2 approvals");
    assertThat(run(3, "policy", "set", "ruled", "-f", seen.toString(), "--as", "root")
            .err())
        .contains("by now", "made by root");
    assertThat(run(0, "policy", "history", "ruled").out())
        .containsPattern("1 +root .*Production: 2 approvals");
    run(0, "policy", "set", "ruled", "--inherit", "--as", "root");
    assertThat(run(0, "policy", "history", "ruled").out()).contains("taken away");
    assertThat(run(2, "policy", "set", "ruled", "-f", "nowhere.json").err()).contains("no file");
    assertThat(run(2, "policy", "show").err()).contains("--server");
  }

  @Test
  void checksAreShownAndTheirVerdictsAreTheExitCode() {
    registry.createModel("checked").expect(201);
    registry.addVersion("checked", IrisModels.onnx(1));
    registry.needsApprovals("checked", 1);
    String request = String.valueOf(
        registry.askForProduction("checked", 1).expect(201).json().path("id").asLong());
    assertThat(run(0, "checks", request, "--required").out()).contains("no checks");
    assertThat(
            run(0, "checks", request, "--rerun", "--watch", "--timeout", "60").out())
        .containsPattern("loads +green +no");
    registry.needsApprovals("checked", 1, "fairness");

    assertThat(run(4, "checks", request).out()).containsPattern("fairness +awaited +yes");
    run(4, "checks", request, "--watch", "--timeout", "1");
    report(request, "fairness", "red");
    assertThat(run(1, "checks", request, "--watch").out())
        .containsPattern("fairness +red +yes +as said by a test");
    report(request, "fairness", "green");
    report(request, "style", "red");
    run(1, "checks", request);
    assertThat(run(0, "checks", request, "--required").out()).doesNotContain("style");
    assertThat(Json.read(run(1, "checks", request, "-o", "json").out())
            .path("checks")
            .findValuesAsText("name"))
        .contains("fairness", "style", "loads");
    assertThat(run(1, "checks", "99999999").err()).contains("99999999");
  }

  private void report(String request, String name, String verdict) {
    registry
        .post(
            "/api/v1/requests/" + request + "/checks",
            "bob",
            Map.of("name", name, "verdict", verdict, "summary", "as said by a test"))
        .expect(200);
  }

  @Test
  void loginIsKeptForItsOwnerAndATokenIsNeverShown() throws IOException {
    environment.remove("SLIPWAY_USER");
    environment.put("SLIPWAY_SERVING_URL", "http://127.0.0.1:1");
    Path token = folder.resolve("token");
    Files.writeString(token, "s3cret-token\n");

    Outcome login = run(
        0, "login", registry.url().toString(), "--as", "dora", "--token-file", token.toString());

    assertThat(login.out()).contains("you are dora");
    Path stored = folder.resolve("config/slipway/login.json");
    assertThat(stored).content().contains("dora", "s3cret-token");
    assertThat(Files.getPosixFilePermissions(stored)).hasSize(2);
    environment.remove("SLIPWAY_REGISTRY_URL");
    Outcome made = run(0, "push", "of-dora", Shell.demoModel().toString(), "--curl");
    assertThat(made.err()).contains("\"$SLIPWAY_TOKEN\"").doesNotContain("s3cret");
    assertThat(registry.getVersion("of-dora", 1).text("created_by")).isEqualTo("dora");
    assertThat(run(2, "login", "--as").err()).contains("--as");
    assertThat(run(0, "models", "--curl").err()).contains("$SLIPWAY_TOKEN");
    assertThat(run(0, "models", "--curl", "--as", "carol").err())
        .contains("curl -u carol: ")
        .doesNotContain("$SLIPWAY_TOKEN");
    String elsewhere = registry.url().toString().replace("127.0.0.1", "localhost");
    assertThat(run(0, "models", "--curl", "--registry", elsewhere).err())
        .doesNotContain("$SLIPWAY_TOKEN");
    environment.put("SLIPWAY_REGISTRY_URL", elsewhere);
    assertThat(run(0, "models", "--curl").err()).doesNotContain("$SLIPWAY_TOKEN");
  }

  @Test
  void loginTakesItsTokenFromTheEnvironmentAndKeepsItForThatRegistryOnly() {
    environment.remove("SLIPWAY_USER");
    environment.put("SLIPWAY_TOKEN", "of-the-environment");

    run(0, "login", "--as", "dora");

    Path stored = folder.resolve("config/slipway/login.json");
    assertThat(stored).content().contains("of-the-environment", registry.url().toString());
    environment.remove("SLIPWAY_TOKEN");
    run(0, "login", registry.url().toString().replace("127.0.0.1", "localhost"));
    assertThat(stored).content().contains("dora").doesNotContain("of-the-environment");
  }

  private Outcome run(int code, String... arguments) {
    return shell.run(code, arguments);
  }
}
