package dev.slipway.serving.wire.table;

import dev.slipway.serving.predict.InferenceException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/** Times without a zone, as pandas' datetime64[ns] has them. */
final class Datetimes {
  private static final Pattern ZONED = Pattern.compile(".*[T ].*(Z|[+-]\\d{2}(:?\\d{2})?)");
  private static final LocalDateTime EPOCH = LocalDate.EPOCH.atStartOfDay();
  private static final int SHOWN = 40;

  private Datetimes() {}

  /**
   * Nanoseconds since 1970 of a date, or of a date and a time (ISO 8601, with "T" or a blank between them).
   *
   * @throws InferenceException also for a time with a zone, and for years outside of 1678 to 2261
   */
  static long nanos(String column, String text) throws InferenceException {
    String shown = text.length() <= SHOWN ? text : text.substring(0, SHOWN).strip() + "…";
    if (text.length() <= SHOWN && ZONED.matcher(text).matches()) {
      throw InferenceException.badInput("Please ensure that the input data of datetime column "
          + column + " only contains timezone-naive datetime objects; got '" + shown + "'.");
    }
    try {
      LocalDateTime time = text.length() <= "yyyy-MM-dd".length()
          ? LocalDate.parse(text).atStartOfDay()
          : LocalDateTime.parse(text.replace(' ', 'T'));
      return ChronoUnit.NANOS.between(EPOCH, time);
    } catch (DateTimeParseException e) {
      throw failed(column, "Unknown datetime string format, unable to parse: " + shown);
    } catch (DateTimeException | ArithmeticException e) {
      throw failed(column, "Out of bounds nanosecond timestamp: " + shown);
    }
  }

  private static InferenceException failed(String column, String why) {
    return InferenceException.badInput("Invalid input. Data is not compatible with model signature."
        + " Failed to convert column " + column + " to type 'datetime64[ns]'. Error: '" + why
        + "'");
  }
}
