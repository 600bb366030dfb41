package dev.slipway.registry.web;

import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.registry.web.RequestSheet.Difference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Two signatures side by side, tensor by tensor. */
final class SchemaDiff {
  private SchemaDiff() {}

  static List<Difference> of(ModelSignature before, ModelSignature after) {
    List<Difference> rows = new ArrayList<>();
    compare(rows, "input", before.inputs(), after.inputs());
    compare(rows, "output", before.outputs(), after.outputs());
    return rows;
  }

  private static void compare(
      List<Difference> rows, String kind, List<TensorSpec> before, List<TensorSpec> after) {
    Map<String, String> left = texts(before);
    Map<String, String> right = texts(after);
    left.forEach((name, text) -> {
      String other = right.get(name);
      String change = other == null ? "removed" : other.equals(text) ? "same" : "changed";
      rows.add(new Difference(kind, name, change, text, other == null ? "" : other));
    });
    right.forEach((name, text) -> {
      if (!left.containsKey(name)) {
        rows.add(new Difference(kind, name, "added", "", text));
      }
    });
  }

  private static Map<String, String> texts(List<TensorSpec> specs) {
    Map<String, String> texts = new LinkedHashMap<>();
    specs.forEach(spec -> texts.put(
        spec.name(), spec.datatype() + " " + spec.shape() + (spec.optional() ? " optional" : "")));
    return texts;
  }
}
