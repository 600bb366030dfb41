package dev.slipway.registry.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Serving settings as the fields of a form, which are called as the API calls them: what stands in them, and what of it is not understood. */
final class SettingsFields {
  private static final Map<String, String> NUMBERS = new LinkedHashMap<>();
  private static final Map<String, String> SWITCHES = new LinkedHashMap<>();
  private static final Map<String, Text> TEXTS = new LinkedHashMap<>();

  static {
    NUMBERS.put(
        "sample_requests", "Requests kept on each gateway's disk, to compare new versions on");
    NUMBERS.put("deadline_ms", "Milliseconds for a request that names no deadline");
    NUMBERS.put("max_concurrency", "Runs at the same time on a gateway");
    NUMBERS.put("max_queue", "Requests that may wait for a run");
    NUMBERS.put("max_batch_size", "Rows put together into a run; 1 for none");
    NUMBERS.put("warmup_requests", "Runs that warm a version up");
    NUMBERS.put("intra_op_threads", "Threads inside an operator");
    NUMBERS.put("inter_op_threads", "Threads across operators");
    SWITCHES.put("standby", "Keep the previous version warm");
    SWITCHES.put("serve_staging", "Load what is in Staging too");
    TEXTS.put(
        "release",
        new Text(
            "How a promotion brings the traffic over, as JSON",
            "Empty: at once. Else canary or shadow in steps, such as",
            "{\"kind\": \"canary\"}"));
    TEXTS.put(
        "session",
        new Text(
            "ONNX Runtime's session options, as JSON",
            "Empty: as the gateway sees fit. Else what it should be, such as",
            "{\"spinning\": true, \"arena\": false, \"graph_optimization\": \"basic\"}"));
  }

  private final Map<String, String> values;
  private final Map<String, String> errors = new LinkedHashMap<>();

  /** What stands around a field that holds JSON. */
  private record Text(String label, String hint, String example) {}

  private SettingsFields(Map<String, String> values) {
    this.values = values;
  }

  /** @param settings as the API writes them, without what is not set */
  static SettingsFields of(ObjectNode settings) {
    Map<String, String> values = new HashMap<>();
    settings
        .properties()
        .forEach(it -> values.put(
            it.getKey(),
            it.getValue().isObject()
                ? it.getValue().toPrettyString()
                : it.getValue().asText()));
    return new SettingsFields(values);
  }

  /** What somebody filled in. */
  static SettingsFields typed(Map<String, List<String>> form) {
    Map<String, String> values = new HashMap<>();
    form.forEach((name, all) -> values.put(name, all.getFirst().strip()));
    return new SettingsFields(values);
  }

  /** What is wrong with the fields; known once {@link #body} has been called. */
  Map<String, String> errors() {
    return errors;
  }

  /** The settings as the API takes them, without what is not understood. */
  ObjectNode body(ObjectMapper json) {
    ObjectNode body = json.createObjectNode();
    for (String name : NUMBERS.keySet()) {
      String value = value(name);
      if (value.matches("\\d{1,9}")) {
        body.put(name, Integer.parseInt(value));
      } else if (!value.isEmpty()) {
        errors.put(name, "Enter a whole number, or leave it empty for the gateway's default");
      }
    }
    for (String name : SWITCHES.keySet()) {
      if (!value(name).isEmpty()) {
        body.put(name, value(name).equals("true"));
      }
    }
    for (String name : TEXTS.keySet()) {
      if (!value(name).isEmpty()) {
        try {
          body.set(name, json.readTree(value(name)));
        } catch (JsonProcessingException wrong) {
          errors.put(name, "Enter JSON as the API takes it: " + wrong.getOriginalMessage());
        }
      }
    }
    return body;
  }

  SettingsForm form(boolean shown) {
    return new SettingsForm(shown, rows(NUMBERS), rows(SWITCHES), texts());
  }

  private List<SettingsForm.Row> rows(Map<String, String> labels) {
    List<SettingsForm.Row> rows = new ArrayList<>();
    labels.forEach((name, label) -> rows.add(row(name, label)));
    return rows;
  }

  private List<SettingsForm.Text> texts() {
    List<SettingsForm.Text> texts = new ArrayList<>();
    TEXTS.forEach((name, text) -> texts.add(new SettingsForm.Text(
        name,
        text.label(),
        text.hint(),
        text.example(),
        value(name),
        errors.getOrDefault(name, ""))));
    return texts;
  }

  private SettingsForm.Row row(String name, String label) {
    return new SettingsForm.Row(name, label, value(name), errors.getOrDefault(name, ""));
  }

  private String value(String name) {
    return values.getOrDefault(name, "");
  }
}
