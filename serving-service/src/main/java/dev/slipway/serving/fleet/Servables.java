package dev.slipway.serving.fleet;

import java.util.List;

/** The door through which requests reach loaded models. Wait-free; safe on an event loop. */
public interface Servables {

  /**
   * Takes a reference to the version that answers now. The caller closes the handle when its answer is written; until then the
   * version stays loaded, whatever the feed says meanwhile.
   *
   * @param model registered model name
   * @param selector which version
   * @throws NotServedException when there is none, with a message that says what is served instead
   */
  ServableHandle acquire(String model, VersionSelector selector) throws NotServedException;

  /** The names of the models that have a loaded version, sorted. */
  List<String> models();

  /** The version numbers of {@code model} that a request may name now, ascending; empty when there are none. */
  List<Integer> versions(String model);

  /** Every version that a request may name, ready or not, by model and version. */
  List<Listed> index();

  /**
   * A version that a request may name.
   *
   * @param hindrance why it does not answer; null when it does
   */
  record Listed(String model, int version, String hindrance) {}

  /** Seconds since the registry was last heard from when that is longer than the tolerated lag; else -1. */
  long staleSeconds();
}
