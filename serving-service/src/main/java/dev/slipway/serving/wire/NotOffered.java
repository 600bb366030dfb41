package dev.slipway.serving.wire;

import dev.slipway.serving.predict.InferenceException;
import java.util.Set;

/** Parameters of Triton's extensions that would change the answer: refused, where ignoring them would answer wrongly. */
public final class NotOffered {
  private static final Set<String> PARAMETERS = Set.of(
      "classification", "shared_memory_region", "sequence_id", "sequence_start", "sequence_end");

  private NotOffered() {}

  /**
   * @param parameter the name of a parameter of a request, an input or an output
   * @throws InferenceException when it belongs to an extension that is not offered
   */
  public static void check(String parameter) throws InferenceException {
    if (PARAMETERS.contains(parameter)) {
      throw InferenceException.badInput(
          "the parameter '" + parameter + "' belongs to an extension that is not offered here");
    }
  }
}
