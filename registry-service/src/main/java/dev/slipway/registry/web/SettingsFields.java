package dev.slipway.registry.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.common.feed.ServingSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Serving settings as the fields of a form, which are called as the API calls them: what stands in them, and what of it is not understood. */
final class SettingsFields {
  private static final String RELEASE = "release";
  private static final Map<String, String> NUMBERS = new LinkedHashMap<>();
  private static final Map<String, String> SWITCHES = new LinkedHashMap<>();

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
  }

  private final Map<String, String> values;
  private final Map<String, String> errors = new LinkedHashMap<>();

  private SettingsFields(Map<String, String> values) {
    this.values = values;
  }

  /** The form filled in with {@code settings}. */
  static SettingsFields of(ServingSettings settings, String release, ObjectMapper json) {
    Map<String, String> values = new HashMap<>();
    json.valueToTree(settings).properties().forEach(it -> {
      if (it.getValue().isValueNode() && !it.getValue().isNull()) {
        values.put(it.getKey(), it.getValue().asText());
      }
    });
    if (!release.isEmpty()) {
      values.put(RELEASE, release);
    }
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
    if (!value(RELEASE).isEmpty()) {
      try {
        body.set(RELEASE, json.readTree(value(RELEASE)));
      } catch (JsonProcessingException wrong) {
        errors.put(RELEASE, "Enter JSON as the API takes it: " + wrong.getOriginalMessage());
      }
    }
    return body;
  }

  SettingsForm form(boolean shown) {
    return new SettingsForm(
        shown,
        rows(NUMBERS),
        rows(SWITCHES),
        row(RELEASE, "How a promotion brings the traffic over, as JSON"));
  }

  private List<SettingsForm.Row> rows(Map<String, String> labels) {
    List<SettingsForm.Row> rows = new ArrayList<>();
    labels.forEach((name, label) -> rows.add(row(name, label)));
    return rows;
  }

  private SettingsForm.Row row(String name, String label) {
    return new SettingsForm.Row(name, label, value(name), errors.getOrDefault(name, ""));
  }

  private String value(String name) {
    return values.getOrDefault(name, "");
  }
}
