package dev.slipway.registry.mlflow;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.slipway.common.name.ModelName;
import dev.slipway.common.stage.Stage;
import dev.slipway.registry.problem.RegistryException.NotFound;
import dev.slipway.registry.tracking.KeyValue;
import dev.slipway.registry.tracking.PosixPath;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.regex.Pattern;

/** Reads the names in registry requests, with MLflow's limits and messages ({@code mlflow.utils.validation}). */
final class RegistryNames {
  private static final Pattern KEY =
      Pattern.compile("[/\\w.\\- :]*", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern ALIAS =
      Pattern.compile("[\\w\\-]*", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern VERSION_ALIAS = Pattern.compile("[vV]\\d+");
  private static final Pattern INTEGER = Pattern.compile("\\s*[+-]?\\d+(_\\d+)*\\s*");
  private static final int MAX_ALIAS = 255;
  private static final int MAX_KEY = 250;
  private static final int MAX_VALUE = 100_000;
  private static final int MAX_DIGITS = 9;
  private static final String PROMPT_TEXT = "mlflow.prompt.text";

  private RegistryNames() {}

  /** The registered model that the request names. */
  static String model(MlflowRequest request) {
    return model(request.requiredText("name"), "name");
  }

  static String model(String name, String parameter) {
    if (name.isBlank()) {
      throw MlflowException.invalid("Missing value for required parameter '" + parameter + "'.");
    }
    if (name.indexOf('/') >= 0 || name.indexOf(':') >= 0) {
      throw MlflowException.invalid(
          "Invalid model name '" + name + "'. Names cannot contain '/' or ':'.");
    }
    if (name.equals(".") || name.startsWith("..")) {
      throw notUnique("name", name);
    }
    try {
      return new ModelName(name).value();
    } catch (IllegalArgumentException wrong) {
      throw MlflowException.invalid(
          "Invalid model name '" + name + "': " + wrong.getMessage() + ".");
    }
  }

  /** The version that the request names. @throws NotFound for a number that no version can have */
  static int version(MlflowRequest request) {
    String text = request.requiredText("version");
    if (!INTEGER.matcher(text).matches()) {
      throw MlflowException.invalid("Parameter 'version' must be an integer, got '" + text + "'.");
    }
    String digits = text.strip().replaceFirst("^\\+?0*(?=\\d)", "").replace("_", "");
    if (digits.startsWith("-") || digits.length() > MAX_DIGITS) {
      throw NotFound.version(request.text("name"), text);
    }
    return Integer.parseInt(digits);
  }

  static Stage stage(String text) {
    return Stage.find(text)
        .orElseThrow(() -> MlflowException.invalid("Invalid Model Version stage: " + text
            + ". Value must be one of None, Staging, Production, Archived."));
  }

  /** An alias to read or delete. */
  static String alias(MlflowRequest request) {
    String alias = request.requiredText("alias");
    if (!ALIAS.matcher(alias).matches()) {
      throw MlflowException.invalid("Invalid alias name: '" + alias
          + "'. Names may only contain alphanumerics, underscores (_), and dashes (-).");
    }
    length("Registered model alias name", MAX_ALIAS, alias);
    return alias;
  }

  /** An alias to set: it must not look like what it is not. */
  static String newAlias(MlflowRequest request) {
    String alias = alias(request);
    if (alias.equalsIgnoreCase("latest")) {
      throw MlflowException.invalid("'latest' alias name (case insensitive) is reserved.");
    }
    if (VERSION_ALIAS.matcher(alias).matches()) {
      throw MlflowException.invalid("Version alias name '" + alias + "' is reserved.");
    }
    return alias;
  }

  static String tagKey(MlflowRequest request) {
    return tagKey(request.requiredText("key"));
  }

  private static String tagKey(String key) {
    if (key.isEmpty()) {
      throw MlflowException.invalid("Missing value for required parameter 'key'.");
    }
    if (!KEY.matcher(key).matches()) {
      throw MlflowException.invalid("Invalid value " + json(key)
          + " for parameter 'key' supplied: Names may only contain alphanumerics, underscores (_), dashes (-), periods (.),"
          + " spaces ( ), colon(:) and slashes (/).");
    }
    if (!PosixPath.isUnique(key)) {
      throw notUnique("key", key);
    }
    length("key", MAX_KEY, key);
    return key;
  }

  static String tagValue(String value) {
    length("value", MAX_VALUE, value);
    return value;
  }

  /** As {@link #tagValue}, of a version: one of its tags is a prompt's text, and is called that. */
  static String versionTagValue(String key, String value) {
    if (key.equals(PROMPT_TEXT) && isLonger(value, MAX_VALUE)) {
      throw MlflowException.invalid(
          "Prompt text exceeds max length of " + MAX_VALUE + " characters.");
    }
    return tagValue(value);
  }

  /** The tags of a new model; of two with one key the last counts. */
  static Map<String, String> tags(MlflowRequest request) {
    return tags(request, (_, value) -> tagValue(value));
  }

  /** As {@link #tags}, of a new version. */
  static Map<String, String> versionTags(MlflowRequest request) {
    return tags(request, RegistryNames::versionTagValue);
  }

  private static Map<String, String> tags(MlflowRequest request, BinaryOperator<String> checked) {
    var tags = new LinkedHashMap<String, String>();
    for (KeyValue tag : Fields.pairs(request, "tags")) {
      String key = tagKey(tag.key());
      tags.put(key, checked.apply(key, tag.value()));
    }
    return tags;
  }

  private static boolean isLonger(String value, int limit) {
    return value.codePointCount(0, value.length()) > limit;
  }

  private static void length(String what, int limit, String value) {
    if (isLonger(value, limit)) {
      throw MlflowException.invalid(
          "'" + what + "' exceeds the maximum length of " + limit + " characters");
    }
  }

  private static MlflowException notUnique(String parameter, String name) {
    return MlflowException.invalid("Invalid value " + json(name) + " for parameter '" + parameter
        + "' supplied: Names may be treated as files in certain cases, and must not resolve to other names when treated as such."
        + " This name would resolve to '" + PosixPath.normal(name) + "'");
  }

  private static String json(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
