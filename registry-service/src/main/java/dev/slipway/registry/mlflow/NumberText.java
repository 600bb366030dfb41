package dev.slipway.registry.mlflow;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;

/** Numbers that came as text. */
final class NumberText {
  /** More digits than any number here needs: reading millions of them takes long. */
  private static final int MOST_CHARACTERS = 64;

  private NumberText() {}

  /** A whole number in digits. */
  static Optional<Long> plain(String text) {
    try {
      return Optional.of(Long.valueOf(text));
    } catch (NumberFormatException notPlain) {
      return Optional.empty();
    }
  }

  /** A whole number as protobuf's JSON reads it, which takes 5.0 and 1e3 too. */
  static Optional<Long> whole(String text) {
    if (text.length() > MOST_CHARACTERS) {
      return Optional.empty();
    }
    try {
      return Optional.of(new BigDecimal(text).longValueExact());
    } catch (ArithmeticException | NumberFormatException notWhole) {
      return Optional.empty();
    }
  }

  /** Python writes nan and inf where protobuf says NaN and Infinity. */
  static Optional<Double> decimal(String text) {
    try {
      return Optional.of(
          switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "nan" -> Double.NaN;
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
          });
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }
}
