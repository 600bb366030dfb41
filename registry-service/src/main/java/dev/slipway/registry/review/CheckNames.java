package dev.slipway.registry.review;

import java.util.Set;

/** The checks that Slipway makes itself: nobody else reports under their names. */
public interface CheckNames {
  Set<String> computed();

  /** Those of them that are about the live version too. */
  Set<String> ofLive();
}
