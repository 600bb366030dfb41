package dev.slipway.serving.wire.mlflow;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which texts are a time for {@code numpy.datetime64}, by which MLflow checks a parameter of that type
 * (mlflow.models.utils._enforce_param_datatype): ISO 8601 down to as fine a part as one likes, a zone where there is an hour.
 */
final class NumpyTimes {
  private static final int LONGEST = 64;
  /** None is a time that is not there (NaT), and so is no text. */
  private static final Set<String> WORDS = Set.of("", "NaT", "nat", "now", "today");

  private static final Pattern TIME = Pattern.compile("(\\d{4})(?:-(\\d\\d)(?:-(\\d\\d)"
      + "(?:[T ](\\d\\d)(?::(\\d\\d)(?::(\\d\\d)(?:\\.\\d+)?)?)?"
      + "(?:Z|[+-](\\d\\d)(?::?(\\d\\d))?)?)?)?)?");

  private NumpyTimes() {}

  static boolean isOne(String text) {
    if (WORDS.contains(text)) {
      return true;
    }
    if (text.length() > LONGEST) {
      return false;
    }
    Matcher time = TIME.matcher(text);
    return time.matches() && isReal(time);
  }

  private static boolean isReal(Matcher time) {
    try {
      LocalDate.of(part(time, 1, 1), part(time, 2, 1), part(time, 3, 1));
      LocalTime.of(part(time, 4, 0), part(time, 5, 0), part(time, 6, 0));
      LocalTime.of(part(time, 7, 0), part(time, 8, 0));
      return part(time, 1, 1) > 0;
    } catch (DateTimeException noSuchDay) {
      return false;
    }
  }

  private static int part(Matcher time, int group, int absent) {
    return time.group(group) == null ? absent : Integer.parseInt(time.group(group));
  }
}
