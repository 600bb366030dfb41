package dev.slipway.systemtests.drill;

import com.google.protobuf.ByteString;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.testing.FixtureModel;
import dev.slipway.common.testing.GoldenTensor;
import dev.slipway.launcher.client.GrpcInfer;
import dev.slipway.systemtests.cluster.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What the bench asks for: a model in a file, and the inputs of each request.
 *
 * @param model the name that it is served by
 */
record BenchSubject(String model, Path file, List<Input> inputs) {
  private static final long SEED = 20_261_121;

  /**
   * @param raw little-endian
   * @param data the elements for JSON
   */
  record Input(String name, DataType datatype, Shape shape, ByteBuffer raw, Object data) {}

  /** A request's body; {@code jsonLength} is that of the part before the binary tensors, 0 where all is JSON. */
  record Body(ByteArrayOutputStream bytes, int jsonLength) {}

  static BenchSubject of(FixtureModel fixture, String goldenCase, Path folder) {
    List<Input> inputs = new ArrayList<>();
    for (GoldenTensor golden : fixture.goldenCase(goldenCase).inputs()) {
      inputs.add(new Input(
          golden.name(),
          golden.datatype(),
          golden.shape(),
          ByteBuffer.wrap(fixture.raw(golden)),
          golden.data()));
    }
    return new BenchSubject(fixture.name(), fixture.copyTo(folder), inputs);
  }

  /** Any ONNX model of one input of floats, asked with random ones, in JSON as Python writes them: as doubles. */
  static BenchSubject of(Path onnx, String input, Shape shape) {
    var random = new Random(SEED);
    var values = new double[Math.toIntExact(shape.elementCount().orElseThrow())];
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      float value = (float) random.nextGaussian();
      values[i] = value;
      raw.putFloat(value);
    }
    return new BenchSubject(
        "bench", onnx, List.of(new Input(input, DataType.FP32, shape, raw.flip(), values)));
  }

  Body json() {
    List<Map<String, Object>> tensors = new ArrayList<>();
    for (Input input : inputs) {
      Map<String, Object> tensor = head(input);
      tensor.put("data", input.data());
      tensors.add(tensor);
    }
    var all = new ByteArrayOutputStream();
    all.writeBytes(Json.write(Map.of("inputs", tensors)).getBytes(StandardCharsets.UTF_8));
    return new Body(all, 0);
  }

  /** By Triton's binary tensor extension, both ways. */
  Body binary() {
    List<Map<String, Object>> tensors = new ArrayList<>();
    var tail = new ByteArrayOutputStream();
    for (Input input : inputs) {
      Map<String, Object> tensor = head(input);
      tensor.put("parameters", Map.of("binary_data_size", input.raw().remaining()));
      tensors.add(tensor);
      tail.writeBytes(input.raw().array());
    }
    byte[] json = Json.write(
            Map.of("inputs", tensors, "parameters", Map.of("binary_data_output", true)))
        .getBytes(StandardCharsets.UTF_8);
    var all = new ByteArrayOutputStream();
    all.writeBytes(json);
    all.writeBytes(tail.toByteArray());
    return new Body(all, json.length);
  }

  byte[] grpc() {
    return GrpcInfer.request(
        model,
        inputs.stream()
            .map(input -> new GrpcInfer.Input(
                input.name(),
                input.datatype().name(),
                Arrays.stream(input.shape().toArray()).boxed().toList(),
                ByteString.copyFrom(input.raw().array())))
            .toList());
  }

  private static Map<String, Object> head(Input input) {
    Map<String, Object> tensor = new LinkedHashMap<>();
    tensor.put("name", input.name());
    tensor.put("shape", input.shape().toArray());
    tensor.put("datatype", input.datatype().name());
    return tensor;
  }

  /** As many threads as the gateway gives a session of this size. */
  int threads() throws IOException {
    long small = 4L << 20;
    return file.toFile().length() < small
        ? 1
        : Math.min(4, Runtime.getRuntime().availableProcessors());
  }
}
