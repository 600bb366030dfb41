package dev.slipway.launcher.user;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.json.WireJson;
import dev.slipway.launcher.client.Api;
import dev.slipway.launcher.client.Profile;
import picocli.CommandLine.Option;

/** What every command has: whom it calls, as whom, and for whom its answer is. */
final class Target {
  private static final ObjectMapper JSON = WireJson.mapper();

  @Option(
      names = "--registry",
      paramLabel = "URL",
      description = "The registry. Default: SLIPWAY_REGISTRY_URL, the login's, the local stack's.")
  private String registry;

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description =
          "Who calls. Default: SLIPWAY_USER, the login's. Another than the login's calls without its token.")
  private String user;

  @Option(names = "--curl", description = "Print each HTTP call to standard error.")
  private boolean curl;

  @Option(names = "-o", paramLabel = "json", description = "The answer as JSON, for machines.")
  private Output output = Output.text;

  /** For whom the answer is. */
  enum Output {
    text,
    json
  }

  Api registry() {
    return api(profile().registry());
  }

  /** @param chosen null for the profile's */
  Api serving(String chosen) {
    return api(chosen == null ? profile().serving() : chosen);
  }

  private Api api(String base) {
    return new Api(base, Profile.ofUserAt(base, user), call -> {
      if (curl) {
        System.err.println(call);
      }
    });
  }

  Profile profile() {
    return new Profile(registry, null, user, null).or(Profile.ofUser());
  }

  /** Prints {@code json} where a machine asked, else does {@code text}. */
  void print(JsonNode json, Runnable text) {
    if (output == Output.text) {
      text.run();
      return;
    }
    try {
      System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
