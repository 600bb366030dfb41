package dev.slipway.launcher.user;

import dev.slipway.launcher.client.Api;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Whose policy a command is about: exactly one of the three is named. */
final class PolicyScope {
  @Parameters(index = "0", paramLabel = "NAME", description = "The model.")
  private String model;

  @Option(names = "--group", paramLabel = "GROUP", description = "A group of models.")
  private String group;

  @Option(names = "--server", description = "Where a model has none of its own and is in no group.")
  private boolean server;

  boolean isModel() {
    return model != null;
  }

  boolean isServer() {
    return server;
  }

  String path() {
    if (model != null) {
      return VersionName.modelPath(model) + "/policy";
    }
    return group == null ? "/api/v1/policies" : "/api/v1/policies/groups/" + Api.segment(group);
  }

  String label() {
    return model != null ? model : group == null ? "the server" : "group " + group;
  }
}
