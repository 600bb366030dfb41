package dev.slipway.serving.wire.friendly;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.common.json.WireJson;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.engine.FrameColumn;
import dev.slipway.serving.engine.GeneratedInputs;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.wire.json.JsonTensors;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Bodies that a model takes: the example that it was logged with, else what warm-up made up. */
final class Examples {
  private static final int MAX_ELEMENTS = 4096;

  private Examples() {}

  /** Empty when it would be too long to paste. */
  static Optional<ObjectNode> json(LoadedModel model) {
    return model
        .example()
        .filter(Examples::isShort)
        .or(() -> GeneratedInputs.of(model.signature()).filter(Examples::isShort))
        .map(Examples::body);
  }

  private static boolean isShort(List<Tensor> tensors) {
    return tensors.stream()
            .mapToLong(tensor -> tensor.shape().elementCount().orElse(Long.MAX_VALUE))
            .max()
            .orElse(0)
        <= MAX_ELEMENTS;
  }

  private static ObjectNode body(List<Tensor> tensors) {
    try {
      byte[] text = JsonTensors.document((out, json) -> {
        out.writeStartObject();
        out.writeObjectFieldStart("inputs");
        for (Tensor tensor : tensors) {
          out.writeFieldName(tensor.name());
          json.nested(tensor);
        }
        out.writeEndObject();
        out.writeEndObject();
      });
      return (ObjectNode) WireJson.mapper().readTree(text);
    } catch (IOException | InferenceException e) {
      throw new IllegalStateException("a generated example could not be written", e);
    }
  }

  /**
   * A header and one line, for a model of one matrix.
   *
   * @param columns the matrix' columns; empty when they have no names
   */
  static Optional<String> csv(ModelSignature signature, List<FrameColumn> columns) {
    if (signature.inputs().size() != 1) {
      return Optional.empty();
    }
    TensorSpec only = signature.inputs().getFirst();
    long width = only.shape().rank() == 2 ? only.shape().dimension(1) : 0;
    if (width < 1 || width > MAX_ELEMENTS || only.shape().dimension(0) > 1) {
      return Optional.empty();
    }
    List<String> names = columns.isEmpty()
        ? LongStream.range(0, width).mapToObj(i -> "c" + i).toList()
        : columns.stream().map(FrameColumn::name).toList();
    String header = names.stream().map(Examples::quoted).collect(Collectors.joining(","));
    String line = String.join(",", Collections.nCopies(names.size(), "1"));
    return Optional.of(header + "\n" + line + "\n");
  }

  private static String quoted(String name) {
    boolean plain = name.chars().noneMatch(c -> "\",\r\n".indexOf(c) >= 0);
    return plain ? name : '"' + name.replace("\"", "\"\"") + '"';
  }
}
