package dev.slipway.serving.engine.booster;

import java.util.HashMap;
import java.util.Map;

/** The {@code key=value} lines of one block of a LightGBM text file. */
final class LightgbmFields {
  private final Map<String, String> lines = new HashMap<>();

  void put(String line) {
    int equals = line.indexOf('=');
    lines.put(
        equals < 0 ? line : line.substring(0, equals),
        equals < 0 ? "" : line.substring(equals + 1));
  }

  boolean has(String key) {
    return lines.containsKey(key);
  }

  String text(String key, String otherwise) {
    return lines.getOrDefault(key, otherwise);
  }

  int number(String key) throws MalformedModelException {
    return ints(key, 1)[0];
  }

  /** Exactly {@code count} whole numbers, separated by spaces. */
  int[] ints(String key, int count) throws MalformedModelException {
    String[] words = words(key, count);
    int[] numbers = new int[count];
    try {
      for (int i = 0; i < count; i++) {
        numbers[i] = Integer.parseInt(words[i]);
      }
    } catch (NumberFormatException e) {
      throw new MalformedModelException("'" + key + "' holds what is no whole number", e);
    }
    return numbers;
  }

  /** Exactly {@code count} unsigned words of 32 bits. */
  int[] words32(String key, int count) throws MalformedModelException {
    String[] words = words(key, count);
    int[] bits = new int[count];
    try {
      for (int i = 0; i < count; i++) {
        bits[i] = Integer.parseUnsignedInt(words[i]);
      }
    } catch (NumberFormatException e) {
      throw new MalformedModelException("'" + key + "' holds what is no bit set", e);
    }
    return bits;
  }

  /** Exactly {@code count} finite numbers. */
  double[] doubles(String key, int count) throws MalformedModelException {
    double[] numbers = thresholds(key, count);
    for (double number : numbers) {
      if (!Double.isFinite(number)) {
        throw new MalformedModelException("'" + key + "' holds a number that is not finite");
      }
    }
    return numbers;
  }

  /** Exactly {@code count} numbers, which may be infinite: a split of missing from not missing has such a threshold. */
  double[] thresholds(String key, int count) throws MalformedModelException {
    String[] words = words(key, count);
    double[] numbers = new double[count];
    try {
      for (int i = 0; i < count; i++) {
        numbers[i] = switch (words[i]) {
          case "inf" -> Double.POSITIVE_INFINITY;
          case "-inf" -> Double.NEGATIVE_INFINITY;
          default -> Double.parseDouble(words[i]);
        };
      }
    } catch (NumberFormatException e) {
      throw new MalformedModelException("'" + key + "' holds what is no number", e);
    }
    return numbers;
  }

  private String[] words(String key, int count) throws MalformedModelException {
    String line = lines.get(key);
    if (line == null) {
      throw new MalformedModelException("'" + key + "' is missing");
    }
    String[] words = line.isBlank() ? new String[0] : line.strip().split(" +");
    if (words.length != count) {
      throw new MalformedModelException(
          "'" + key + "' has " + words.length + " values, not " + count);
    }
    return words;
  }
}
