package dev.slipway.registry.tracking;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Names for runs and logged models that came without one: adjective, noun, number. */
final class RandomName {
  private static final List<String> ADJECTIVES = List.of(
      "able", "amber", "bold", "brisk", "calm", "clever", "crisp", "deft", "eager", "fair", "fleet",
      "fond", "gentle", "glad", "grand", "keen", "kind", "lively", "loud", "lucky", "mellow",
      "merry", "nimble", "noble", "plucky", "polite", "proud", "quick", "quiet", "rapid", "sharp",
      "shiny", "silent", "sleek", "smart", "spry", "steady", "sunny", "swift", "tidy", "trusty",
      "vivid", "warm", "wise", "witty", "zesty");
  private static final List<String> NOUNS = List.of(
      "anchor", "badger", "beacon", "bear", "bobcat", "buoy", "cod", "crab", "crane", "deer",
      "dolphin", "eel", "falcon", "finch", "fox", "goose", "gull", "harbor", "hare", "hawk",
      "heron", "jay", "keel", "lark", "lynx", "mast", "mole", "moose", "newt", "otter", "owl",
      "perch", "pike", "puffin", "quail", "raven", "rudder", "sail", "seal", "shad", "skiff",
      "slipway", "stork", "swan", "tern", "trout", "whale", "wren");
  private static final int NUMBERS = 1000;

  private RandomName() {}

  static String next() {
    var random = ThreadLocalRandom.current();
    return ADJECTIVES.get(random.nextInt(ADJECTIVES.size()))
        + '-'
        + NOUNS.get(random.nextInt(NOUNS.size()))
        + '-'
        + random.nextInt(NUMBERS);
  }
}
