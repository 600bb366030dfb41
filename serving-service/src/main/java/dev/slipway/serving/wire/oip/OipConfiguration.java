package dev.slipway.serving.wire.oip;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.serving.wire.http.Payload;
import java.io.IOException;
import java.util.List;

/**
 * The answer of Triton's model configuration extension (docs/protocol/extension_model_configuration.md): its ModelConfig message in
 * JSON. Lists and objects that have nothing to say are written empty, for clients read them.
 */
final class OipConfiguration {
  private OipConfiguration() {}

  static Payload of(ModelConfiguration model) {
    return Payload.object(Payload.JSON, out -> {
      out.writeStringField("name", model.name());
      out.writeStringField("platform", model.platform());
      out.writeStringField("backend", model.backend());
      versions(out, model.versions());
      out.writeNumberField("max_batch_size", model.maxBatchSize());
      out.writeArrayFieldStart("input");
      for (ModelConfiguration.Tensor tensor : model.inputs()) {
        input(out, tensor);
      }
      out.writeEndArray();
      out.writeArrayFieldStart("output");
      for (ModelConfiguration.Tensor tensor : model.outputs()) {
        output(out, tensor);
      }
      out.writeEndArray();
      empty(out, List.of("batch_input", "batch_output"), List.of("optimization"));
      if (model.dynamicBatching()) {
        dynamicBatching(out);
      }
      instances(out, model);
      out.writeStringField("default_model_filename", "");
      empty(out, List.of("model_warmup"), List.of("cc_model_filenames", "metric_tags"));
      out.writeObjectFieldStart("parameters");
      out.writeObjectFieldStart(OipWriter.DIGEST);
      out.writeStringField("string_value", model.digest());
      out.writeEndObject();
      out.writeEndObject();
    });
  }

  private static void versions(JsonGenerator out, List<Integer> versions) throws IOException {
    out.writeObjectFieldStart("version_policy");
    out.writeObjectFieldStart("specific");
    out.writeArrayFieldStart("versions");
    for (int version : versions) {
      out.writeNumber(version);
    }
    out.writeEndArray();
    out.writeEndObject();
    out.writeEndObject();
  }

  private static void input(JsonGenerator out, ModelConfiguration.Tensor tensor)
      throws IOException {
    out.writeStartObject();
    describe(out, tensor);
    out.writeStringField("format", "FORMAT_NONE");
    out.writeBooleanField("is_shape_tensor", false);
    out.writeBooleanField("allow_ragged_batch", false);
    out.writeBooleanField("optional", tensor.optional());
    out.writeEndObject();
  }

  private static void output(JsonGenerator out, ModelConfiguration.Tensor tensor)
      throws IOException {
    out.writeStartObject();
    describe(out, tensor);
    out.writeStringField("label_filename", "");
    out.writeBooleanField("is_shape_tensor", false);
    out.writeEndObject();
  }

  private static void describe(JsonGenerator out, ModelConfiguration.Tensor tensor)
      throws IOException {
    out.writeStringField("name", tensor.name());
    out.writeStringField("data_type", tensor.dataType());
    out.writeArrayFieldStart("dims");
    for (long dimension : tensor.dims()) {
      out.writeNumber(dimension);
    }
    out.writeEndArray();
  }

  private static void dynamicBatching(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("dynamic_batching");
    empty(out, List.of("preferred_batch_size"), List.of());
    out.writeNumberField("max_queue_delay_microseconds", 0);
    out.writeBooleanField("preserve_ordering", false);
    out.writeEndObject();
  }

  private static void instances(JsonGenerator out, ModelConfiguration model) throws IOException {
    out.writeArrayFieldStart("instance_group");
    out.writeStartObject();
    out.writeStringField("name", model.name());
    out.writeStringField("kind", model.onProcessor() ? "KIND_CPU" : "KIND_AUTO");
    out.writeNumberField("count", model.instances());
    empty(out, List.of("gpus"), List.of());
    out.writeEndObject();
    out.writeEndArray();
  }

  private static void empty(JsonGenerator out, List<String> arrays, List<String> objects)
      throws IOException {
    for (String array : arrays) {
      out.writeArrayFieldStart(array);
      out.writeEndArray();
    }
    for (String object : objects) {
      out.writeObjectFieldStart(object);
      out.writeEndObject();
    }
  }
}
