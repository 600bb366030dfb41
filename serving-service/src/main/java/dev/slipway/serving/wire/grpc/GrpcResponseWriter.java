package dev.slipway.serving.wire.grpc;

import com.google.protobuf.UnsafeByteOperations;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.predict.InferenceResponse;
import dev.slipway.serving.wire.grpc.proto.InferParameter;
import dev.slipway.serving.wire.grpc.proto.ModelInferResponse;
import dev.slipway.serving.wire.grpc.proto.ModelInferResponse.InferOutputTensor;

/**
 * Writes answers: raw, or in typed contents, which FP16 and BF16 do not have. MLServer answers as it was asked, Triton raw always; Triton's
 * client reads numbers from raw contents only.
 */
final class GrpcResponseWriter {
  /** The digest of the version that answered, as a response parameter. */
  static final String DIGEST = "slipway_digest";

  private GrpcResponseWriter() {}

  /** The message borrows the tensors' memory: it must be sent before they are closed. */
  static ModelInferResponse write(InferenceResponse response, boolean raw) {
    boolean allRaw =
        raw || response.tensors().stream().anyMatch(t -> !GrpcTensors.hasContents(t.datatype()));
    ModelInferResponse.Builder message = ModelInferResponse.newBuilder()
        .setModelName(response.model())
        .setModelVersion(Integer.toString(response.version()))
        .putParameters(
            DIGEST,
            InferParameter.newBuilder()
                .setStringParam(response.digest().value())
                .build());
    if (response.id() != null) {
      message.setId(response.id());
    }
    for (Tensor tensor : response.tensors()) {
      InferOutputTensor.Builder output = InferOutputTensor.newBuilder()
          .setName(tensor.name())
          .setDatatype(tensor.datatype().name());
      for (long dimension : tensor.shape().toArray()) {
        output.addShape(dimension);
      }
      if (allRaw) {
        message.addRawOutputContents(
            UnsafeByteOperations.unsafeWrap(tensor.data().duplicate()));
      } else {
        output.setContents(GrpcTensors.write(tensor));
      }
      message.addOutputs(output);
    }
    return message.build();
  }
}
