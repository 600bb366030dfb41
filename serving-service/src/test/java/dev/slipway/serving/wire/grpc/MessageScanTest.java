package dev.slipway.serving.wire.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.slipway.serving.wire.Bytes;
import dev.slipway.serving.wire.grpc.proto.InferTensorContents;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest.InferInputTensor;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class MessageScanTest {
  private static final int MANY = 100_000;

  private static long heapOf(InferTensorContents.Builder contents) throws Exception {
    return heapOf(ModelInferRequest.newBuilder()
        .addInputs(InferInputTensor.newBuilder().addShape(MANY).setContents(contents))
        .build());
  }

  private static long heapOf(ModelInferRequest request) throws Exception {
    byte[] bytes = request.toByteArray();
    return MessageScan.heapOf(new Bytes(bytes, bytes.length));
  }

  @Test
  void numbersAreCountedAsTheyWillLieInMemory() throws Exception {
    assertThat(heapOf(
            InferTensorContents.newBuilder().addAllUint64Contents(Collections.nCopies(MANY, 1L))))
        .as("a byte each on the wire, eight in memory")
        .isBetween(8L * MANY, 13L * MANY);
    assertThat(heapOf(
            InferTensorContents.newBuilder().addAllFp32Contents(Collections.nCopies(MANY, 1f))))
        .isBetween(4L * MANY, 7L * MANY);
    assertThat(heapOf(InferTensorContents.newBuilder()
            .addAllBytesContents(Collections.nCopies(MANY, ByteString.EMPTY))))
        .isGreaterThan(32L * MANY);
  }

  @Test
  void rawTensorsStayWhereTheyAre() throws Exception {
    assertThat(heapOf(ModelInferRequest.newBuilder()
            .addRawInputContents(ByteString.copyFrom(new byte[MANY]))
            .build()))
        .isLessThan(1_000);
  }
}
