package dev.slipway.serving.wire.table;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.common.tensor.DataType;
import dev.slipway.serving.engine.ClassScores;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.wire.json.JsonTensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes the scores of classes as the model has them, an object from label to score for each row. A number that is a label is a text
 * there: JSON has no other keys.
 */
public final class ScoreObjects {
  /** For protocols whose answers have tensors alone, and for models without such scores. */
  public static final ScoreObjects NONE = new ScoreObjects(Map.of(), Set.of());

  private final Map<String, List<String>> labels;
  private final Set<String> labelOutputs;

  private ScoreObjects(Map<String, List<String>> labels, Set<String> labelOutputs) {
    this.labels = labels;
    this.labelOutputs = labelOutputs;
  }

  /** Those of an answer that has all of the model's outputs. */
  public static ScoreObjects of(List<ClassScores> classScores, List<Tensor> answer) {
    if (classScores.isEmpty()) {
      return NONE;
    }
    var labels = new HashMap<String, List<String>>();
    var outputs = new HashSet<String>();
    for (ClassScores one : classScores) {
      for (Tensor tensor : answer) {
        if (tensor.name().equals(one.labels())) {
          labels.put(one.scores(), texts(tensor));
          outputs.add(one.labels());
        }
      }
    }
    return new ScoreObjects(labels, outputs);
  }

  private static List<String> texts(Tensor tensor) {
    ByteBuffer data = JsonTensors.reading(tensor);
    var texts = new ArrayList<String>();
    while (data.hasRemaining()) {
      if (tensor.datatype() == DataType.BYTES) {
        byte[] bytes = new byte[data.getInt()];
        data.get(bytes);
        texts.add(new String(bytes, StandardCharsets.UTF_8));
      } else {
        texts.add(Long.toString(data.getLong()));
      }
    }
    return texts;
  }

  /** The labels of an output's columns; null for an output that is no scores. */
  List<String> labels(Tensor tensor) {
    return labels.get(tensor.name());
  }

  /** Whether the output stands in the objects of another. */
  public boolean holds(Tensor tensor) {
    return labelOutputs.contains(tensor.name());
  }

  /** A whole output: an array of objects where it is scores, else of arrays. */
  public void nested(JsonGenerator out, JsonTensors json, Tensor tensor)
      throws IOException, InferenceException {
    List<String> keys = labels(tensor);
    if (keys == null) {
      json.nested(tensor);
      return;
    }
    ByteBuffer data = JsonTensors.reading(tensor);
    out.writeStartArray();
    for (long row = 0; row < tensor.shape().dimension(0); row++) {
      row(out, json, tensor, data, keys);
    }
    out.writeEndArray();
  }

  /** The next row; {@code data} from {@link JsonTensors#reading} moves on. */
  static void row(
      JsonGenerator out, JsonTensors json, Tensor tensor, ByteBuffer data, List<String> keys)
      throws IOException, InferenceException {
    out.writeStartObject();
    for (String key : keys) {
      out.writeFieldName(key);
      json.element(tensor, data);
    }
    out.writeEndObject();
  }
}
