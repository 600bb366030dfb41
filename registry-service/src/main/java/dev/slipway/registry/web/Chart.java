package dev.slipway.registry.web;

import java.util.List;
import java.util.Locale;

/**
 * A metric over its steps, as the points of an SVG polyline, with the same numbers as a table.
 *
 * @param pieces of the line, which is broken where a value is not a number
 */
public record Chart(
    String name,
    String low,
    String high,
    long firstStep,
    long lastStep,
    List<String> pieces,
    List<Point> points) {
  static final int WIDTH = 600;
  static final int HEIGHT = 160;

  public record Point(long step, String value) {}

  record Measure(long step, double value) {}

  /** @param measures by step */
  static Chart of(String name, List<Measure> measures) {
    double low = measures.stream()
        .mapToDouble(Measure::value)
        .filter(Double::isFinite)
        .min()
        .orElse(0);
    double high = measures.stream()
        .mapToDouble(Measure::value)
        .filter(Double::isFinite)
        .max()
        .orElse(0);
    long first = measures.getFirst().step();
    long last = measures.getLast().step();
    StringBuilder line = new StringBuilder();
    for (Measure it : measures) {
      line.append(
          Double.isFinite(it.value())
              ? place(it.step(), first, last, WIDTH) + "," + (HEIGHT - y(it.value(), low, high))
                  + " "
              : ";");
    }
    return new Chart(
        name,
        number(low),
        number(high),
        first,
        last,
        List.of(line.toString().split(";")).stream()
            .map(String::strip)
            .filter(piece -> !piece.isEmpty())
            .toList(),
        measures.stream().map(it -> new Point(it.step(), number(it.value()))).toList());
  }

  private static long place(long value, long from, long to, int length) {
    return to == from ? length / 2 : Math.round((double) (value - from) / (to - from) * length);
  }

  /** Halves before it subtracts: the span of two doubles may be none. */
  private static long y(double value, double low, double high) {
    double span = high / 2 - low / 2;
    return span == 0 ? HEIGHT / 2 : Math.round((value / 2 - low / 2) / span * HEIGHT);
  }

  /** As people read it: six digits that count. */
  static String number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e9) {
      return String.valueOf((long) value);
    }
    String text = String.format(Locale.ROOT, "%.6g", value);
    return text.contains(".") && !text.contains("e")
        ? text.replaceFirst("0+$", "").replaceFirst("\\.$", "")
        : text;
  }
}
