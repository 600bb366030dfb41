package dev.slipway.serving.fleet;

import dev.slipway.common.feed.ServingSettings;

/** The settings that are fixed when a model is loaded: another value means loading it again. */
record LoadOptions(Integer intraOpThreads, Integer interOpThreads) {
  static LoadOptions of(ServingSettings settings) {
    return new LoadOptions(settings.intraOpThreads(), settings.interOpThreads());
  }
}
