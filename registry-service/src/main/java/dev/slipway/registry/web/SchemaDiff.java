package dev.slipway.registry.web;

import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.registry.web.RequestSheet.Difference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Two signatures side by side, tensor by tensor. */
final class SchemaDiff {
  private static final String OPTIONAL = " optional";

  private SchemaDiff() {}

  static List<Difference> of(ModelSignature before, ModelSignature after) {
    List<Difference> rows = new ArrayList<>();
    compare(rows, "input", before.inputs(), after.inputs());
    compare(rows, "output", before.outputs(), after.outputs());
    return rows;
  }

  /**
   * What callers of the version before lose, in words: what they send or read and that is gone or other, and what they do not
   * send and that is needed. Empty for nothing.
   */
  static String breaking(List<Difference> rows) {
    return rows.stream()
        .filter(row -> switch (row.change()) {
          case "removed", "changed" -> true;
          case "added" -> row.kind().equals("input") && !row.after().endsWith(OPTIONAL);
          default -> false;
        })
        .map(row -> row.kind() + " " + row.name() + " is "
            + (row.change().equals("added") ? "needed" : row.change()))
        .collect(Collectors.joining(", "));
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
        spec.name(), spec.datatype() + " " + spec.shape() + (spec.optional() ? OPTIONAL : "")));
    return texts;
  }
}
