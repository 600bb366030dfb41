package dev.slipway.systemtests.history;

import java.util.Map;
import java.util.Set;

/** The stage table and who may what, written down a second time: the checker must not ask the code that it checks. */
final class Rules {
  static final String NONE = "None";
  static final String STAGING = "Staging";
  static final String PRODUCTION = "Production";
  static final String ARCHIVED = "Archived";

  /** An alias that no policy protects. */
  static final String ALIAS = "shadow";

  static final Set<String> APPROVERS = Set.of("bob", "carol", "rita", "root");

  /** Whom a policy that was put in force here lets go past it. */
  static final Set<String> BYPASSERS = Set.of("rita", "root");

  private static final Map<String, Set<String>> TABLE = Map.of(
      NONE, Set.of(STAGING, ARCHIVED),
      STAGING, Set.of(NONE, PRODUCTION, ARCHIVED),
      PRODUCTION, Set.of(ARCHIVED),
      ARCHIVED, Set.of(STAGING));

  private Rules() {}

  static boolean allows(String from, String to) {
    return TABLE.get(from).contains(to);
  }
}
