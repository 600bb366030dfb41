package dev.slipway.serving.wire.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.wire.RandomTensors;
import dev.slipway.serving.wire.grpc.proto.InferTensorContents;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest.InferInputTensor;
import dev.slipway.serving.wire.grpc.proto.ModelInferResponse;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GrpcCodecTest {
  private static final int ROUNDS = 300;

  @ParameterizedTest
  @EnumSource(DataType.class)
  void aTensorReadFromRawContentsIsTheOneWritten(DataType type) throws InferenceException {
    var random = new RandomTensors(type.name().hashCode() + 2);
    for (int round = 0; round < ROUNDS; round++) {
      assertSame(random.next(type, true), true);
    }
  }

  @ParameterizedTest
  @EnumSource(DataType.class)
  void aTensorReadFromTypedContentsIsTheOneWritten(DataType type) throws InferenceException {
    var random = new RandomTensors(type.name().hashCode() + 3);
    for (int round = 0; round < ROUNDS; round++) {
      assertSame(random.next(type, true), false);
    }
  }

  private static void assertSame(Tensor tensor, boolean raw) throws InferenceException {
    // Given
    ModelInferResponse written = GrpcResponseWriter.write(RandomTensors.answer(tensor), raw);
    var output = written.getOutputs(0);
    InferInputTensor.Builder input = InferInputTensor.newBuilder()
        .setName("X")
        .setDatatype(output.getDatatype())
        .addAllShape(output.getShapeList());
    if (output.hasContents()) {
      input.setContents(output.getContents());
    }
    ModelInferRequest request = ModelInferRequest.newBuilder()
        .addInputs(input)
        .addAllRawInputContents(written.getRawOutputContentsList())
        .build();
    var signature = new ModelSignature(
        List.of(new TensorSpec("X", tensor.datatype(), tensor.shape())), List.of());
    // When
    try (var read = new GrpcRequestReader(signature, 1000).read(request, 0)) {
      // Then
      Tensor came = read.inputs().getFirst();
      assertThat(came.shape()).isEqualTo(tensor.shape());
      assertThat(RandomTensors.raw(came)).isEqualTo(RandomTensors.raw(tensor));
    }
  }

  @ParameterizedTest
  @CsvSource({"INT8,-129", "INT8,128", "INT16,32768", "UINT8,256", "UINT16,65536", "UINT16,-1"})
  void aNumberBeyondItsDatatypeIsRefused(DataType type, int value) {
    var contents = type.isUnsigned()
        ? InferTensorContents.newBuilder().addUintContents(value)
        : InferTensorContents.newBuilder().addIntContents(value);
    ModelInferRequest request = ModelInferRequest.newBuilder()
        .addInputs(InferInputTensor.newBuilder()
            .setName("X")
            .setDatatype(type.name())
            .addShape(1)
            .setContents(contents))
        .build();
    var signature = new ModelSignature(List.of(new TensorSpec("X", type, Shape.of(1))), List.of());
    assertThatThrownBy(() -> new GrpcRequestReader(signature, 10).read(request, 0))
        .hasMessageContaining("is out of range for " + type);
  }
}
