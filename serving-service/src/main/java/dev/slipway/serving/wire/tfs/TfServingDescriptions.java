package dev.slipway.serving.wire.tfs;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.fleet.ServableHandle;
import dev.slipway.serving.wire.http.Payload;
import java.io.IOException;
import java.util.List;

/** Model status and metadata in TensorFlow Serving's form. */
final class TfServingDescriptions {
  private TfServingDescriptions() {}

  /** With {@code name} and {@code ready}, which KServe's first protocol wants at the same address. */
  static Payload status(String model, List<Integer> versions) {
    return Payload.object(Payload.JSON, out -> {
      out.writeStringField("name", model);
      out.writeBooleanField("ready", true);
      out.writeArrayFieldStart("model_version_status");
      for (int version : versions) {
        out.writeStartObject();
        out.writeStringField("version", Integer.toString(version));
        out.writeStringField("state", "AVAILABLE");
        out.writeObjectFieldStart("status");
        out.writeStringField("error_code", "OK");
        out.writeStringField("error_message", "");
        out.writeEndObject();
        out.writeEndObject();
      }
      out.writeEndArray();
    });
  }

  static Payload metadata(ServableHandle handle) {
    return Payload.object(Payload.JSON, out -> {
      out.writeObjectFieldStart("model_spec");
      out.writeStringField("name", handle.model());
      out.writeStringField("signature_name", "");
      out.writeStringField("version", Integer.toString(handle.version()));
      out.writeEndObject();
      out.writeObjectFieldStart("metadata");
      out.writeObjectFieldStart("signature_def");
      out.writeObjectFieldStart("signature_def");
      out.writeObjectFieldStart("serving_default");
      out.writeFieldName("inputs");
      tensors(out, handle.loaded().signature().inputs());
      out.writeFieldName("outputs");
      tensors(out, handle.loaded().signature().outputs());
      out.writeStringField("method_name", "tensorflow/serving/predict");
      for (int closing = 0; closing < 4; closing++) {
        out.writeEndObject();
      }
    });
  }

  private static void tensors(JsonGenerator out, List<TensorSpec> specs) throws IOException {
    out.writeStartObject();
    for (TensorSpec spec : specs) {
      out.writeObjectFieldStart(spec.name());
      out.writeStringField("dtype", dtype(spec.datatype()));
      out.writeObjectFieldStart("tensor_shape");
      out.writeArrayFieldStart("dim");
      for (long dimension : spec.shape().toArray()) {
        out.writeStartObject();
        out.writeStringField("size", Long.toString(dimension));
        out.writeStringField("name", "");
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeBooleanField("unknown_rank", false);
      out.writeEndObject();
      out.writeStringField("name", spec.name());
      out.writeEndObject();
    }
    out.writeEndObject();
  }

  private static String dtype(DataType datatype) {
    return switch (datatype) {
      case FP16 -> "DT_HALF";
      case BF16 -> "DT_BFLOAT16";
      case FP32 -> "DT_FLOAT";
      case FP64 -> "DT_DOUBLE";
      case BYTES -> "DT_STRING";
      default -> "DT_" + datatype.name();
    };
  }
}
