package dev.slipway.serving.fleet;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.feed.SessionOptions;

/** The settings that are fixed when a model is loaded: another value means loading it again. */
record LoadOptions(Integer intraOpThreads, Integer interOpThreads, SessionOptions session) {
  static LoadOptions of(ServingSettings settings) {
    return new LoadOptions(
        settings.intraOpThreads(), settings.interOpThreads(), settings.sessionOptions());
  }
}
