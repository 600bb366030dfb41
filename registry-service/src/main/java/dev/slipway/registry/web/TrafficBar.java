package dev.slipway.registry.web;

import dev.slipway.common.feed.Feed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The part of a bar that stands for one version's share of the requests, the bar being 100 wide.
 *
 * @param share in percent, for people
 */
public record TrafficBar(int version, String share, String x, String width) {

  static List<TrafficBar> of(List<Feed.TrafficShare> shares) {
    List<TrafficBar> bars = new ArrayList<>();
    double x = 0;
    for (Feed.TrafficShare one : shares) {
      double width = one.weight() / 100.0;
      bars.add(new TrafficBar(one.version(), Chart.number(width) + " %", place(x), place(width)));
      x += width;
    }
    return bars;
  }

  private static String place(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
