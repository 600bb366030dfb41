package dev.slipway.serving.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.job.Finding;
import dev.slipway.common.job.Job;
import dev.slipway.common.tensor.DataType;
import dev.slipway.serving.engine.Engines;
import dev.slipway.serving.engine.onnx.OnnxModels;
import dev.slipway.serving.engine.onnx.Proto;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where a model may name a file of weights, whatever ONNX Runtime makes of it (field numbers: onnx.proto of ONNX 1.19). */
class ArtifactSafetyTest {
  @TempDir
  Path version;

  @ParameterizedTest(name = "{0}")
  @MethodSource("places")
  void weightsOutsideTheFolderAreFoundWhereverTheyAreNamed(String place, Proto model)
      throws Exception {
    OnnxModels.write(version, model.toBytes());

    Finding finding = check(Map.of());

    assertThat(finding.verdict()).as(place).isEqualTo(Finding.Verdict.RED);
    assertThat(finding.summary()).contains("'../../secret' lies outside the version");
  }

  static Stream<Arguments> places() {
    return Stream.of(
        place("initializer", graph(Proto.message().message(5, leak()))),
        place("sparse initializer's values", graph(Proto.message().message(15, sparse(1)))),
        place("sparse initializer's indices", graph(Proto.message().message(15, sparse(2)))),
        place("constant", graph(node(attribute(5, leak())))),
        place("list of constants", graph(node(attribute(10, leak())))),
        place("sparse constant", graph(node(attribute(22, sparse(1))))),
        place("list of sparse constants", graph(node(attribute(23, sparse(2))))),
        place("subgraph", graph(node(attribute(6, Proto.message().message(5, leak()))))),
        place("list of subgraphs", graph(node(attribute(11, Proto.message().message(5, leak()))))),
        place(
            "subgraph of a subgraph",
            graph(node(attribute(6, node(attribute(6, Proto.message().message(15, sparse(1)))))))),
        place("function", function(Proto.message().message(7, bare(attribute(5, leak()))))),
        place("function's default", function(Proto.message().message(11, attribute(5, leak())))),
        place("training", training(Proto.message().message(5, leak()))));
  }

  private static Arguments place(String name, Proto model) {
    return Arguments.of(name, model);
  }

  /** A tensor whose weights lie elsewhere. */
  private static Proto leak() {
    Proto location = Proto.message().text(1, "location").text(2, "../../secret");
    return Proto.message()
        .varint(1, 1)
        .varint(2, 1)
        .text(8, "W")
        .message(13, location)
        .varint(14, 1);
  }

  private static Proto sparse(int part) {
    return Proto.message().message(part, leak());
  }

  private static Proto attribute(int field, Proto value) {
    return Proto.message().text(1, "value").message(field, value);
  }

  private static Proto bare(Proto attribute) {
    return Proto.message().text(2, "Y").text(4, "Constant").message(5, attribute);
  }

  /** A graph of one node. */
  private static Proto node(Proto attribute) {
    return Proto.message().message(1, bare(attribute));
  }

  private static Proto graph(Proto graph) {
    return Proto.message().varint(1, 8).message(7, graph);
  }

  private static Proto function(Proto function) {
    return graph(Proto.message()).message(25, function.text(1, "own"));
  }

  private static Proto training(Proto graph) {
    return graph(Proto.message()).message(20, Proto.message().message(2, graph));
  }

  @Test
  void aPolicyLimitsTheSizeOfAllFilesTogether() throws Exception {
    OnnxModels.write(version, OnnxModels.identity(DataType.FP32, 1));
    Files.write(version.resolve("notes.txt"), new byte[2_000]);

    assertThat(check(Map.of("max_bytes", "1999")))
        .returns(Finding.Verdict.RED, Finding::verdict)
        .satisfies(finding -> assertThat(finding.summary()).contains("bytes together"));
    assertThat(check(Map.of("max_bytes", "100000.0")).verdict()).isEqualTo(Finding.Verdict.GREEN);
  }

  private Finding check(Map<String, String> parameters) throws InterruptedException {
    return ProbeMain.runner(new Engines(List.of()), phase -> {})
        .run(new ProbeTask(Job.check("artifact-safety"), version.toString(), 1, null, parameters))
        .finding();
  }
}
