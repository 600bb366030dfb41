package dev.slipway.serving.wire.oip;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceResponse;
import dev.slipway.serving.wire.http.HttpHead;
import dev.slipway.serving.wire.http.Payload;
import dev.slipway.serving.wire.json.JsonTensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Writes one inference answer: JSON, and the tensors asked for as binary data behind it. */
final class OipWriter {
  /** The digest of the version that answered, under the name that it has over gRPC. */
  static final String DIGEST = "slipway_digest";

  private final OipRequest request;
  private final List<Tensor> binary = new ArrayList<>();

  OipWriter(OipRequest request) {
    this.request = request;
  }

  Payload write(InferenceResponse response) throws InferenceException {
    byte[] json = JsonTensors.document((out, tensors) -> {
      out.writeStartObject();
      out.writeStringField("model_name", response.model());
      out.writeStringField("model_version", Integer.toString(response.version()));
      if (response.id() != null) {
        out.writeStringField("id", response.id());
      }
      out.writeObjectFieldStart("parameters");
      out.writeStringField(DIGEST, response.digest().value());
      out.writeEndObject();
      out.writeArrayFieldStart("outputs");
      for (Tensor tensor : response.tensors()) {
        output(out, tensors, tensor);
      }
      out.writeEndArray();
      out.writeEndObject();
    });
    return binary.isEmpty() ? Payload.json(json) : withBinary(json);
  }

  private void output(JsonGenerator out, JsonTensors tensors, Tensor tensor)
      throws IOException, InferenceException {
    out.writeStartObject();
    describe(out, tensor.name(), tensor.datatype().name(), tensor.shape().toArray());
    if (request.isBinary(tensor.name())) {
      binary.add(tensor);
      out.writeObjectFieldStart("parameters");
      out.writeNumberField("binary_data_size", tensor.data().remaining());
      out.writeEndObject();
    } else {
      out.writeFieldName("data");
      tensors.flat(tensor);
    }
    out.writeEndObject();
  }

  private Payload withBinary(byte[] json) {
    int size = binary.stream().mapToInt(tensor -> tensor.data().remaining()).sum();
    byte[] body = Arrays.copyOf(json, Math.addExact(json.length, size));
    ByteBuffer into = ByteBuffer.wrap(body).position(json.length);
    binary.forEach(tensor -> into.put(tensor.data().duplicate()));
    return new Payload(
        "application/octet-stream",
        body,
        Map.of(HttpHead.BINARY_HEADER_LENGTH, Integer.toString(json.length)));
  }

  static void describe(JsonGenerator out, List<TensorSpec> specs) throws IOException {
    out.writeStartArray();
    for (TensorSpec spec : specs) {
      out.writeStartObject();
      describe(out, spec.name(), spec.datatype().name(), spec.shape().toArray());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void describe(JsonGenerator out, String name, String datatype, long[] shape)
      throws IOException {
    out.writeStringField("name", name);
    out.writeStringField("datatype", datatype);
    out.writeFieldName("shape");
    out.writeArray(shape, 0, shape.length);
  }
}
