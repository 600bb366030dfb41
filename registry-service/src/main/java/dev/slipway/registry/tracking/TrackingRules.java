package dev.slipway.registry.tracking;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.slipway.registry.problem.RegistryException;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/** Names, lengths and batch sizes, with MLflow's limits and messages ({@code mlflow.utils.validation}). */
final class TrackingRules {
  static final int MAX_METRICS = 1000;
  static final int MAX_PARAMS_OR_TAGS = 100;
  static final int MAX_ENTITIES = 1000;
  private static final int MAX_KEY = 250;
  private static final int MAX_PARAM_VALUE = 6000;
  private static final int MAX_TAG_VALUE = 8000;
  private static final int MAX_EXPERIMENT_NAME = 500;
  private static final int MAX_EXPERIMENT_TAG_VALUE = 20_000;
  private static final int MAX_ARTIFACT_LOCATION = 2048;
  private static final int MAX_CUSTOM_VIEWS = 50;
  private static final String CUSTOM_VIEW = "mlflow.customView.view";

  private static final Pattern RUN_ID = Pattern.compile("[a-zA-Z0-9][\\w\\-]{0,255}");
  private static final Pattern NAME =
      Pattern.compile("[/\\w.\\- :]*", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern MODEL_NAME = Pattern.compile("[^/:.%\"']+");

  private TrackingRules() {}

  static void metric(Metric metric, String path) {
    String at = path.isEmpty() ? "" : path + '.';
    name(metric.key(), at + "name");
    if (metric.timestamp() < 0) {
      throw invalidValue(
          at + "timestamp",
          String.valueOf(metric.timestamp()),
          "metric '" + metric.key() + "' (value=" + metric.value()
              + "). Timestamp must be a nonnegative long (64-bit integer) ");
    }
    requireLength("Metric name", MAX_KEY, metric.key());
  }

  /** The parameter, its value cut to what is kept. */
  static KeyValue param(KeyValue param, String path) {
    name(param.key(), path.isEmpty() ? "key" : path + ".key");
    requireLength("Param key", MAX_KEY, param.key());
    return new KeyValue(param.key(), cut(param.value(), MAX_PARAM_VALUE));
  }

  /** The run tag, its value cut to what is kept. */
  static KeyValue tag(KeyValue tag, String path) {
    String at = path.isEmpty() ? "key" : path + ".key";
    name(tag.key(), at);
    requireLength(at, MAX_KEY, tag.key());
    return new KeyValue(tag.key(), cut(tag.value(), MAX_TAG_VALUE));
  }

  /** A tag that a run is made with: MLflow takes any key then. */
  static KeyValue firstTag(KeyValue tag, String path) {
    requireLength(path + ".key", MAX_KEY, tag.key());
    return new KeyValue(tag.key(), cut(tag.value(), MAX_TAG_VALUE));
  }

  static void experimentTag(KeyValue tag) {
    name(tag.key(), "key");
    requireLength("key", MAX_KEY, tag.key());
    requireLength("value", MAX_EXPERIMENT_TAG_VALUE, tag.value());
  }

  static void batchSizes(int metrics, int params, int tags) {
    batchSize("metrics", MAX_METRICS, metrics);
    batchSize("params", MAX_PARAMS_OR_TAGS, params);
    batchSize("tags", MAX_PARAMS_OR_TAGS, tags);
    batchSize("metrics, params, and tags", MAX_ENTITIES, metrics + params + tags);
  }

  /**
   * How many views of its own making a UI keeps with an experiment.
   *
   * @param id for the message; null while the experiment is being made
   */
  static void customViews(long views, String id) {
    if (views > MAX_CUSTOM_VIEWS) {
      throw Refused.invalid("Unable to create another custom view"
          + (id == null ? "" : " for experiment " + id)
          + "; the maximum number of custom views per experiment is " + MAX_CUSTOM_VIEWS
          + ". Delete an existing custom view before creating a new one.");
    }
  }

  static boolean isCustomView(String key) {
    return key.startsWith(CUSTOM_VIEW);
  }

  static void distinctKeys(List<KeyValue> params) {
    var seen = new HashSet<String>();
    List<String> twice =
        params.stream().map(KeyValue::key).filter(key -> !seen.add(key)).toList();
    if (!twice.isEmpty()) {
      throw Refused.invalid("Duplicate parameter keys have been submitted: " + twice
          + ". Please ensure the request contains only one param value per param key.");
    }
  }

  static void runId(String runId) {
    if (!RUN_ID.matcher(runId).matches()) {
      throw Refused.invalid("Invalid value " + json(runId) + " for parameter 'run_id' supplied.");
    }
  }

  static long experimentId(String id) {
    if (id == null || id.isEmpty()) {
      return Experiment.DEFAULT_ID;
    }
    try {
      return Long.parseLong(id.strip());
    } catch (NumberFormatException notANumber) {
      throw noExperimentId(id);
    }
  }

  /** One of a list of ids: there an empty one is not the default experiment, it is a mistake. */
  static long listedExperimentId(String id) {
    if (id.isEmpty()) {
      throw noExperimentId(id);
    }
    return experimentId(id);
  }

  private static RegistryException noExperimentId(String id) {
    return Refused.invalid(
        "Invalid experiment ID '" + id + "'. Experiment ID must be a valid integer.");
  }

  static void experimentName(String name) {
    if (name == null || name.isEmpty()) {
      throw Refused.invalid("Invalid experiment name: '" + name + "'");
    }
    requireLength("name", MAX_EXPERIMENT_NAME, name);
  }

  static void artifactLocation(String location) {
    if (location.startsWith("runs:")) {
      throw Refused.invalid("Artifact location cannot be a runs:/ URI. Given: '" + location + "'");
    }
    if (location.indexOf('#') >= 0 || location.indexOf(';') >= 0) {
      throw Refused.invalid("'artifact_location' URL can't include fragments or params.");
    }
    if (location.indexOf("..") >= 0 && List.of(location.split("[/?&=]")).contains("..")) {
      throw Refused.invalid("Invalid artifact location: '" + location + "'");
    }
    if (length(location) > MAX_ARTIFACT_LOCATION) {
      throw Refused.invalid(
          "Invalid artifact path length. The length of the artifact path cannot be greater than "
              + MAX_ARTIFACT_LOCATION + " characters.");
    }
  }

  static void loggedModelName(String name) {
    if (!MODEL_NAME.matcher(name).matches()) {
      throw Refused.invalid("Invalid model name ('" + name
          + "') provided. Model name must be a non-empty string and cannot contain the following characters:"
          + " ('/', ':', '.', '%', '\"', \"'\")");
    }
  }

  static void requireLength(String what, int limit, String value) {
    if (length(value) > limit) {
      throw Refused.invalid(
          "'" + what + "' exceeds the maximum length of " + limit + " characters");
    }
  }

  private static void batchSize(String what, int limit, int size) {
    if (size > limit) {
      throw Refused.invalid("A batch logging request can contain at most " + limit + ' ' + what
          + ". Got " + size + ' ' + what + ". Please split up " + what
          + " across multiple requests and try again.");
    }
  }

  private static void name(String name, String path) {
    if (name == null || name.isEmpty()) {
      throw Refused.invalid("Missing value for required parameter '" + path + "'.");
    }
    if (!NAME.matcher(name).matches()) {
      throw invalidValue(
          path,
          json(name),
          "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:)"
              + " and slashes (/).");
    }
    if (!PosixPath.isUnique(name)) {
      throw invalidValue(
          path,
          json(name),
          "Names may be treated as files in certain cases, and must not resolve to other names when treated as"
              + " such. This name would resolve to '" + PosixPath.normal(name)
              + "'");
    }
  }

  private static RegistryException invalidValue(String path, String shown, String why) {
    return Refused.invalid(
        "Invalid value " + shown + " for parameter '" + path + "' supplied: " + why);
  }

  private static String json(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String cut(String value, int limit) {
    return length(value) <= limit ? value : value.substring(0, value.offsetByCodePoints(0, limit));
  }
}
