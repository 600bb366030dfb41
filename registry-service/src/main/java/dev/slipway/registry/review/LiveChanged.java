package dev.slipway.registry.review;

import dev.slipway.registry.model.LivePointers.Model;
import dev.slipway.registry.problem.RegistryException;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.release.Release;
import java.util.Optional;

/** The refusal of a call that was overtaken: what is live is no longer what its caller saw. It names the release that won. */
final class LiveChanged {
  private LiveChanged() {}

  /**
   * @param winner the latest release of the model; empty when it has none
   * @param advice what the caller does next
   */
  static RegistryException refusal(Model model, Optional<Release> winner, String advice) {
    return new Conflict(
            "live-changed",
            winner.map(LiveChanged::what).orElse("what is live has just changed") + ": " + advice)
        .with("model", model.name())
        .with("release_id", winner.map(Release::id).orElse(null))
        .with("version", winner.map(Release::toVersion).orElse(null));
  }

  private static String what(Release release) {
    return "release " + release.id() + " (" + release.kind().label() + " by " + release.actor()
        + ")"
        + (release.toVersion() == null
            ? " has just retired version " + release.fromVersion()
            : " has just made version " + release.toVersion() + " live");
  }
}
