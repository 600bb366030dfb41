package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.launcher.CommandFailure;
import dev.slipway.launcher.client.Api;

/**
 * A version as people type it: {@code iris:3}, {@code iris:production} or {@code iris:live} for the live one, {@code iris:latest}, {@code iris:champion} or
 * {@code iris@champion} for an alias.
 *
 * @param which what stands after the colon; null when nothing does
 */
record VersionName(String model, String which) {

  static VersionName of(String text) {
    int mark = Math.max(text.lastIndexOf(':'), text.lastIndexOf('@'));
    if (mark == 0 || mark == text.length() - 1) {
      throw CommandFailure.usage("'" + text + "' names no version: type it like iris:3");
    }
    return mark < 0
        ? new VersionName(text, null)
        : new VersionName(text.substring(0, mark), text.substring(mark + 1));
  }

  /** The same, where a version must be named. */
  static VersionName exact(String text) {
    VersionName name = of(text);
    if (name.which == null) {
      throw CommandFailure.usage(
          "which version of " + text + "? Type it like " + text + ":3, or " + text + ":production");
    }
    return name;
  }

  static String modelPath(String model) {
    return "/api/v1/models/" + Api.segment(model);
  }

  /** The number that it stands for now. */
  int number(Api registry) {
    if (which.matches("\\d{1,9}")) {
      return Integer.parseInt(which);
    }
    JsonNode found = registry.get(modelPath(model));
    JsonNode number = switch (which) {
      case "production", "live" -> found.path("live_version");
      case "latest" -> found.path("latest_version");
      default -> found.path("aliases").path(which);
    };
    if (!number.isInt()) {
      throw CommandFailure.refused(model + " has no version '" + which
          + "': a number, production, latest or an alias names one");
    }
    return number.intValue();
  }

  String path(Api registry) {
    return modelPath(model) + "/versions/" + number(registry);
  }
}
