package dev.slipway.serving.wire;

import dev.slipway.serving.predict.InferenceException;
import java.util.Map;
import java.util.Set;

/** Parameters of Triton's extensions that would change the answer: refused, where ignoring them would answer wrongly. */
public final class NotOffered {
  /** Each with the values that Triton takes for not using the extension. */
  private static final Map<String, Set<Object>> PARAMETERS = Map.of(
      "classification", Set.of(0L),
      "shared_memory_region", Set.of(),
      "sequence_id", Set.of(0L, ""),
      "sequence_start", Set.of(false),
      "sequence_end", Set.of(false));

  private NotOffered() {}

  /**
   * @param parameter the name of a parameter of a request, an input or an output
   * @param value the parameter's: a Long, a Boolean or a String where it is one of them
   * @throws InferenceException when it belongs to an extension that is not offered, unless the value says that it is not used
   */
  public static void check(String parameter, Object value) throws InferenceException {
    Set<Object> off = PARAMETERS.get(parameter);
    if (off != null && !off.contains(value)) {
      throw InferenceException.badInput(
          "the parameter '" + parameter + "' belongs to an extension that is not offered here");
    }
  }
}
