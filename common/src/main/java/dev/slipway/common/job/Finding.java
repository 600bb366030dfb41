package dev.slipway.common.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Map;

/**
 * What a check found.
 *
 * @param summary a line for the reader
 * @param data the figures it comes from; holds no null
 */
public record Finding(Verdict verdict, String summary, Map<String, Object> data) {

  /**
   * WARNING is for a person to judge, SKIPPED is neither good nor bad, as the check had nothing to go by: a policy that requires the
   * check is satisfied by neither.
   */
  public enum Verdict {
    GREEN,
    RED,
    WARNING,
    SKIPPED;

    @JsonValue
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Finding {
    data = data == null ? Map.of() : Map.copyOf(data);
  }

  public static Finding green(String summary, Map<String, Object> data) {
    return new Finding(Verdict.GREEN, summary, data);
  }

  public static Finding red(String summary, Map<String, Object> data) {
    return new Finding(Verdict.RED, summary, data);
  }

  public static Finding warning(String summary, Map<String, Object> data) {
    return new Finding(Verdict.WARNING, summary, data);
  }

  public static Finding skipped(String summary) {
    return new Finding(Verdict.SKIPPED, summary, Map.of());
  }
}
