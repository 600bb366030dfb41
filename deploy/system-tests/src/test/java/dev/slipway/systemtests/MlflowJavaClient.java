package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.FileInfo;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.ExperimentsPage;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.ModelVersionsPage;
import org.mlflow.tracking.RunsPage;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/** What {@link MlflowJavaClientTest} has MLflow's Java client do; a broken promise ends the process with its trace. */
final class MlflowJavaClient {
  private static final String MISSING = "00000000000000000000000000000000";

  private final MlflowClient client;
  private final Path folder;

  private MlflowJavaClient(MlflowClient client, Path folder) {
    this.client = client;
    this.folder = folder;
  }

  /** @param arguments the registry's URL, a folder to use, the story, and what that one needs */
  public static void main(String[] arguments) throws IOException {
    var login = new BasicMlflowHostCreds(arguments[0], "alice", "any");
    try (var client = new MlflowClient(login)) {
      var stories = new MlflowJavaClient(client, Path.of(arguments[1]));
      switch (arguments[2]) {
        case "tracking" -> {
          stories.experiments();
          stories.runs();
        }
        case "artifacts" -> stories.artifacts();
        case "registry" -> stories.registry(arguments[3], Path.of(arguments[4]));
        default -> throw new IllegalArgumentException(arguments[2]);
      }
    }
  }

  private void experiments() {
    String id = client.createExperiment("java-exp-first");
    assertThat(client.getExperimentByName("java-exp-first").map(Experiment::getExperimentId))
        .hasValue(id);
    assertThat(client.getExperimentByName("java-exp-none")).isEmpty();
    client.renameExperiment(id, "java-exp-renamed");
    client.setExperimentTag(id, "team", "blüten");

    Experiment experiment = client.getExperiment(id);

    assertThat(experiment.getName()).isEqualTo("java-exp-renamed");
    assertThat(experiment.getTagsList()).anyMatch(tag -> tag.getValue().equals("blüten"));
    client.createExperiment("java-exp-second");
    ExperimentsPage page = client.searchExperiments(
        "name LIKE 'java-exp-%'", ViewType.ACTIVE_ONLY, 1, List.of("name"));
    assertThat(page.getItems()).extracting(Experiment::getName).containsExactly("java-exp-renamed");
    assertThat(page.getNextPage().getItems()).hasSize(1);
    client.deleteExperiment(id);
    assertThat(client.getExperiment(id).getLifecycleStage()).isEqualTo("deleted");
    client.restoreExperiment(id);
    assertThat(client.getExperiment(id).getLifecycleStage()).isEqualTo("active");
    assertThatThrownBy(() -> client.createExperiment("java-exp-renamed"))
        .isInstanceOf(MlflowHttpException.class)
        .hasMessageContaining("RESOURCE_ALREADY_EXISTS");
  }

  private void runs() {
    String experiment = client.createExperiment("java-runs");
    RunInfo begun = client.createRun(experiment);
    String id = begun.getRunId();
    assertThat(begun.getStatus()).isEqualTo(RunStatus.RUNNING);
    client.logParam(id, "depth", "3");
    client.logMetric(id, "loss", 0.5, 1_000, 1);
    client.logMetric(id, "loss", 0.25, 2_000, 2);
    client.logMetric(id, "odd", Double.NaN, 2_000, 0);
    client.setTag(id, "kind", "tree");
    client.setTag(id, "gone", "soon");
    client.deleteTag(id, "gone");
    client.logBatch(
        id,
        List.of(metric("batch", 7, 3), metric("batch", 8, 4)),
        List.of(Param.newBuilder().setKey("width").setValue("4").build()),
        List.of(RunTag.newBuilder().setKey("from").setValue("java").build()));
    client.setTerminated(id, RunStatus.FINISHED, 5_000);

    Run run = client.getRun(id);

    assertThat(run.getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
    assertThat(run.getInfo().getEndTime()).isEqualTo(5_000);
    assertThat(run.getData().getParamsList())
        .extracting(param -> param.getKey() + "=" + param.getValue())
        .containsExactlyInAnyOrder("depth=3", "width=4");
    assertThat(run.getData().getTagsList())
        .extracting(RunTag::getKey)
        .contains("kind", "from")
        .doesNotContain("gone");
    assertThat(run.getData().getMetricsList())
        .extracting(metric -> metric.getKey() + "=" + metric.getValue())
        .containsExactlyInAnyOrder("loss=0.25", "odd=NaN", "batch=8.0");
    assertThat(client.getMetricHistory(id, "loss"))
        .extracting(Metric::getValue)
        .containsExactly(0.5, 0.25);
    search(experiment, id);
    client.deleteRun(id);
    assertThat(client.getRun(id).getInfo().getLifecycleStage()).isEqualTo("deleted");
    client.restoreRun(id);
    assertThatThrownBy(() -> client.logParam(id, "depth", "4"))
        .isInstanceOf(MlflowHttpException.class)
        .hasMessageContaining("INVALID_PARAMETER_VALUE");
    assertThatThrownBy(() -> client.getRun(MISSING))
        .isInstanceOf(MlflowHttpException.class)
        .hasMessageContaining("RESOURCE_DOES_NOT_EXIST");
  }

  private void search(String experiment, String first) {
    String second = client.createRun(experiment).getRunId();
    client.logMetric(second, "loss", 0.75);
    List<String> here = List.of(experiment);

    assertThat(client
            .searchRuns(here, "metrics.loss < 0.5 and params.depth = '3'", ViewType.ACTIVE_ONLY, 10)
            .getItems())
        .extracting(run -> run.getInfo().getRunId())
        .containsExactly(first);
    RunsPage page =
        client.searchRuns(here, "", ViewType.ACTIVE_ONLY, 1, List.of("metrics.loss DESC"));
    assertThat(page.getItems()).extracting(run -> run.getInfo().getRunId()).containsExactly(second);
    assertThat(page.hasNextPage()).isTrue();
    assertThat(page.getNextPage().getItems())
        .extracting(run -> run.getInfo().getRunId())
        .containsExactly(first);
  }

  private static Metric metric(String key, double value, long step) {
    return Metric.newBuilder()
        .setKey(key)
        .setValue(value)
        .setStep(step)
        .setTimestamp(step)
        .build();
  }

  private void artifacts() throws IOException {
    String id = client.createRun(client.createExperiment("java-artifacts")).getRunId();
    Path sent = Files.createDirectories(folder.resolve("sent/below"));
    Path notes = Files.writeString(folder.resolve("notes.txt"), "ü\n");
    Files.write(sent.resolve("bytes.bin"), new byte[] {0, -1, 10, 13});

    client.logArtifact(id, notes.toFile());
    client.logArtifacts(id, folder.resolve("sent").toFile(), "data");

    assertThat(client.listArtifacts(id))
        .extracting(FileInfo::getPath)
        .containsExactlyInAnyOrder("notes.txt", "data");
    assertThat(client.listArtifacts(id, "data/below"))
        .extracting(FileInfo::getPath, FileInfo::getFileSize)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("data/below/bytes.bin", 4L));
    assertThat(client.downloadArtifacts(id, "notes.txt")).hasContent("ü\n");
    Path all = client.downloadArtifacts(id).toPath();
    assertThat(all.resolve("data/below/bytes.bin")).hasBinaryContent(new byte[] {0, -1, 10, 13});
  }

  private void registry(String model, Path onnx) throws IOException {
    assertThat(client.getRegisteredModel(model).getName()).isEqualTo(model);
    assertThat(client.getLatestVersions(model))
        .extracting(ModelVersion::getVersion, ModelVersion::getCurrentStage)
        .contains(org.assertj.core.groups.Tuple.tuple("1", "Production"));
    assertThat(client.getLatestVersions(model, List.of("Production")))
        .extracting(ModelVersion::getVersion)
        .containsExactly("1");
    assertThat(client.getModelVersion(model, "2").getCurrentStage()).isEqualTo("None");
    ModelVersionsPage page =
        client.searchModelVersions("name = '" + model + "'", 1, List.of("version_number ASC"));
    assertThat(page.getItems()).extracting(ModelVersion::getVersion).containsExactly("1");
    assertThat(page.getNextPage().getItems())
        .extracting(version -> version.getVersion())
        .containsExactly("2");
    assertThat(client.getModelVersionDownloadUri(model, "1")).startsWith("mlflow-artifacts:/");
    assertSame(client.downloadModelVersion(model, "1").toPath(), onnx);
    assertSame(client.downloadLatestModelVersion(model, "Production").toPath(), onnx);
    assertThatThrownBy(() -> client.getRegisteredModel("java-none"))
        .isInstanceOf(MlflowHttpException.class)
        .hasMessageContaining("RESOURCE_DOES_NOT_EXIST");
  }

  /** The client downloads a version to a file or to a folder, as the version's URI is one of a file or of a folder. */
  private static void assertSame(Path downloaded, Path onnx) throws IOException {
    try (Stream<Path> files = Files.walk(downloaded)) {
      Path file = files.filter(Files::isRegularFile).findFirst().orElseThrow();
      assertThat(file).hasSameBinaryContentAs(onnx);
    }
  }
}
