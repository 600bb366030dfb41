package dev.slipway.registry.lineage;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.common.name.ModelName;
import dev.slipway.common.tensor.DataType;
import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.artifact.Owner;
import dev.slipway.registry.artifact.Snapshots;
import dev.slipway.registry.artifact.Uploads;
import dev.slipway.registry.model.Models;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.model.VersionView.Servable;
import dev.slipway.registry.model.VersionView.Status;
import dev.slipway.registry.problem.RegistryException.Invalid;
import dev.slipway.registry.tracking.Dataset;
import dev.slipway.registry.tracking.DatasetInput;
import dev.slipway.registry.tracking.KeyValue;
import dev.slipway.registry.tracking.LoggedModel;
import dev.slipway.registry.tracking.LoggedModels;
import dev.slipway.registry.tracking.Metric;
import dev.slipway.registry.tracking.Run;
import dev.slipway.registry.tracking.RunLog;
import dev.slipway.registry.tracking.Runs;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class RegistrationTest {
  private static final Caller ALICE = new Caller("alice", Set.of(Role.AUTHOR), null);
  private static final String ONNX_MLMODEL = """
      flavors:
        onnx: {data: model.onnx}
        python_function: {loader_module: mlflow.onnx}
      saved_input_example_info: {artifact_path: input_example.json}
      signature:
        inputs: '[{"name": "X", "type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 4]}}]'
        outputs: '[{"name": "Y", "type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
      """;

  @Inject
  Registrations registrations;

  @Inject
  Origins origins;

  @Inject
  Models models;

  @Inject
  Runs runs;

  @Inject
  RunLog runLog;

  @Inject
  dev.slipway.registry.tracking.Lineage trackingLineage;

  @Inject
  LoggedModels loggedModels;

  @Inject
  Uploads uploads;

  @Inject
  Snapshots snapshots;

  @Test
  void aVersionFromARunIsASnapshotThatLaterUploadsDoNotReach() {
    Run run = run();
    String folder = folder(run);
    upload(folder + "/model/model.onnx", "bytes");
    upload(folder + "/model/MLmodel", ONNX_MLMODEL);
    VersionView version =
        register("runs:/" + run.info().runId() + "/model", run.info().runId());

    assertThat(version.status()).isEqualTo(Status.READY);
    assertThat(version.digest()).isNotNull();
    assertThat(version.format()).isEqualTo("onnx");
    upload(folder + "/model/model.onnx", "other bytes");
    upload(folder + "/model/more.txt", "more");
    assertThat(snapshots.files(version.model(), 1)).hasSize(2);
    assertThat(snapshots
            .complete(ALICE, version.model(), 1, null, version.digest())
            .digest())
        .isEqualTo(version.digest());
    assertThat(registrations.downloadUri(version.model(), 1))
        .isEqualTo("runs:/" + run.info().runId() + "/model");
  }

  @Test
  void mlModelGivesTheSignatureAndTheFlavorsAtOnce() {
    Run run = run();
    upload(folder(run) + "/model/model.onnx", "bytes");
    upload(folder(run) + "/model/MLmodel", ONNX_MLMODEL);
    VersionView version =
        register(run.info().artifactUri() + "/model", run.info().runId());

    assertThat(version.signature().input("X").orElseThrow().datatype()).isEqualTo(DataType.FP32);
    assertThat(version.servable().state()).isEqualTo(Servable.State.UNKNOWN);
    MlModel model = registrations.lineage(version.model(), 1).orElseThrow().mlModel();
    assertThat(model.flavors()).containsKeys("onnx", "python_function");
    assertThat(model.inputExample()).isEqualTo("input_example.json");
  }

  @Test
  void whatCannotBeServedIsSaidAtRegistration() {
    Run run = run();
    upload(folder(run) + "/model/model.pkl", "pickle");
    upload(
        folder(run) + "/model/MLmodel",
        "flavors: {sklearn: {serialization_format: cloudpickle}, python_function: {}}");
    VersionView version =
        register("runs:/" + run.info().runId() + "/model", run.info().runId());

    assertThat(version.servable())
        .isEqualTo(new Servable(
            Servable.State.NO, "sklearn cloudpickle: not served; export with skl2onnx"));
  }

  @Test
  void theRunAsItStoodIsKeptWithTheVersion() {
    Run run = run(
        new KeyValue("mlflow.source.git.commit", "abc123"),
        new KeyValue("mlflow.project.entryPoint", "train"),
        new KeyValue("dvc.data.csv", "md5:1"));
    String id = run.info().runId();
    runLog.batch(
        id,
        List.of(new Metric("auc", 0.9, 1, 0, null, null, null, null)),
        List.of(new KeyValue("depth", "3")),
        List.of());
    trackingLineage.inputs(
        id,
        List.of(new DatasetInput(
            new Dataset("train.csv", "d1g", "local", "{}", null, null),
            List.of(new KeyValue(DatasetInput.CONTEXT, "training")))),
        List.of());
    VersionView version = register("runs:/" + id + "/model", id);
    runLog.batch(
        id, List.of(new Metric("auc", 0.1, 2, 1, null, null, null, null)), List.of(), List.of());

    Lineage lineage = registrations.lineage(version.model(), 1).orElseThrow();
    assertThat(lineage.runId()).isEqualTo(id);
    assertThat(lineage.origin().gitCommit()).isEqualTo("abc123");
    assertThat(lineage.origin().entryPoint()).isEqualTo("train");
    assertThat(lineage.origin().experimentName()).isEqualTo("Default");
    assertThat(lineage.origin().params()).containsEntry("depth", "3");
    assertThat(lineage.origin().metrics()).containsEntry("auc", 0.9);
    assertThat(lineage.origin().dvc()).containsEntry("dvc.data.csv", "md5:1");
    assertThat(lineage.origin().datasets()).singleElement().satisfies(dataset -> {
      assertThat(dataset.digest()).isEqualTo("d1g");
      assertThat(dataset.context()).isEqualTo("training");
    });
    given()
        .get("/api/v1/models/" + version.model() + "/versions/1/lineage")
        .then()
        .statusCode(200)
        .body("origin.git_commit", equalTo("abc123"))
        .body("run_id", equalTo(id));
  }

  @Test
  void aLoggedModelIsSnapshottedAndKnowsItsVersions() {
    Run run = run();
    LoggedModel logged = loggedModels.create(
        "0", "net", "", run.info().runId(), List.of(new KeyValue("p", "1")), List.of());
    upload(SourceUri.proxied(logged.artifactLocation()).orElseThrow() + "/model.onnx", "bytes");
    VersionView version = register("models:/" + logged.modelId(), null);

    assertThat(version.digest()).isNotNull();
    assertThat(version.runId()).isEqualTo(run.info().runId());
    assertThat(registrations.downloadUri(version.model(), 1)).isEqualTo(logged.artifactLocation());
    assertThat(registrations.lineage(version.model(), 1).orElseThrow().origin().params())
        .containsEntry("p", "1");
    assertThat(loggedModels.get(logged.modelId()).tags())
        .contains(new KeyValue(
            "mlflow.modelVersions", "[{\"name\": \"" + version.model() + "\", \"version\": 1}]"));
  }

  @Test
  void aCopyOfAVersionHasItsDigestAndItsDownload() {
    Run run = run();
    upload(folder(run) + "/m/model.onnx", "bytes");
    VersionView first =
        register("runs:/" + run.info().runId() + "/m", run.info().runId());
    models.setAlias(ALICE, first.model(), "champion", 1);
    for (String source :
        List.of("models:/%s/1", "models:/%s@champion", "models:/%s/latest", "models:/%s/None")) {
      VersionView copy = register(source.formatted(first.model()), null);
      assertThat(copy.digest()).isEqualTo(first.digest());
      assertThat(copy.source()).isEqualTo("models:/" + first.model() + "/1");
      assertThat(copy.runId()).isEqualTo(run.info().runId());
      assertThat(registrations.downloadUri(copy.model(), 1)).isEqualTo(first.source());
    }
  }

  @Test
  void oneFileIsAModelToo() {
    String path = "somewhere-" + UUID.randomUUID() + "/deep/model.onnx";
    upload(path, "bytes");
    VersionView version = register("mlflow-artifacts:/" + path, null);
    assertThat(version.digest()).isNotNull();
    assertThat(snapshots.files(version.model(), 1))
        .singleElement()
        .satisfies(file -> assertThat(file.path().value()).isEqualTo("model.onnx"));
  }

  @Test
  void aFolderWithoutFilesAndTheRootOfAllAreStoredAsGiven() {
    Run run = run();
    for (String source : List.of(
        "runs:/" + run.info().runId() + "/nothing", "mlflow-artifacts:/", "runs:/unknown/model")) {
      VersionView version = register(source, null);
      assertThat(version.status()).isEqualTo(Status.READY);
      assertThat(version.digest()).isNull();
      assertThat(version.servable().state()).isEqualTo(Servable.State.NO);
      assertThat(registrations.downloadUri(version.model(), 1)).isEqualTo(source);
    }
  }

  @Test
  void theStrictSettingWantsTheSourceInsideTheRunOrLoggedModel() {
    var strict = new SourceRules(origins, true);
    Run run = run();
    String id = run.info().runId();
    LoggedModel logged = loggedModels.create("0", "net", "", id, List.of(), List.of());
    for (Registrations.Wanted good : List.of(
        wanted("runs:/" + id + "/m", id, null),
        wanted(run.info().artifactUri() + "/m", id, null),
        wanted("models:/" + logged.modelId(), null, logged.modelId()),
        wanted(logged.artifactLocation(), null, logged.modelId()),
        wanted("s3://bucket/m", null, null))) {
      assertThatCode(() -> strict.check(good)).as(good.source()).doesNotThrowAnyException();
    }
    for (Registrations.Wanted bad : List.of(
        wanted("runs:/other/m", id, null),
        wanted("runs:/" + id + "/m", null, null),
        wanted("mlflow-artifacts:/0/other/artifacts/m", id, null),
        wanted(run.info().artifactUri() + "-not/m", id, null),
        wanted("models:/" + logged.modelId(), id, null),
        wanted(logged.artifactLocation(), null, "m-other"))) {
      assertThatThrownBy(() -> strict.check(bad))
          .as(bad.source())
          .isInstanceOf(Invalid.class)
          .hasMessageContaining(
              "request parameter must identify the resource that contains the source");
    }
  }

  private static Registrations.Wanted wanted(String source, String runId, String modelId) {
    return new Registrations.Wanted(source, runId, modelId, null, null, Map.of(), false);
  }

  private VersionView register(String source, String runId) {
    String model = "lineage-" + UUID.randomUUID();
    models.create(ALICE, new ModelName(model), null, Map.of());
    return registrations.register(
        ALICE, model, new Registrations.Wanted(source, runId, null, null, null, Map.of(), false));
  }

  private Run run(KeyValue... tags) {
    return runs.create("0", "alice", 1, "", List.of(tags));
  }

  private static String folder(Run run) {
    return SourceUri.proxied(run.info().artifactUri()).orElseThrow();
  }

  private void upload(String path, String content) {
    uploads.store(
        Owner.TREE,
        new ArtifactPath(path),
        new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)),
        null,
        _ -> {});
  }
}
