package dev.slipway.registry.tracking;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Names for runs and logged models that came without one: an adjective of those that MLflow uses, a noun, a number. */
final class RandomName {
  private static final List<String> ADJECTIVES = List.of(
      "able",
      "agreeable",
      "ambitious",
      "amusing",
      "bold",
      "bright",
      "calm",
      "capable",
      "casual",
      "charming",
      "classy",
      "dapper",
      "dashing",
      "delightful",
      "efficient",
      "fearless",
      "gentle",
      "handsome",
      "industrious",
      "judicious",
      "kindly",
      "legendary",
      "loud",
      "luminous",
      "nimble",
      "orderly",
      "peaceful",
      "persistent",
      "polite",
      "powerful",
      "resilient",
      "serious",
      "silent",
      "sincere",
      "skillful",
      "sneaky",
      "stately",
      "thoughtful",
      "traveling",
      "trusting",
      "unique",
      "upbeat",
      "useful",
      "valuable",
      "welcoming",
      "whimsical",
      "wise",
      "zealous");
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
