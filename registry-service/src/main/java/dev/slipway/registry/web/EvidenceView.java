package dev.slipway.registry.web;

import java.util.List;

/**
 * What the checks of a request found, as people compare it: the candidate beside the live version.
 *
 * @param metricsNote why there is no table, or what to mind about it; empty for nothing
 * @param otherData names of the data sets that the two runs read in different versions, as one text; empty for none
 * @param goldenNote as {@code metricsNote}
 * @param disagreements those golden values that are farthest off
 * @param timesNote as {@code metricsNote}
 * @param ratio how many times as long as the live version the candidate takes, with the limit; empty where it is not known
 * @param origins where the candidate comes from; empty when nothing is known
 */
public record EvidenceView(
    List<MetricRow> metrics,
    String metricsNote,
    String otherData,
    String goldenNote,
    List<Disagreement> disagreements,
    List<TimeRow> times,
    String timesNote,
    String ratio,
    List<SizeRow> sizes,
    List<OriginLine> origins) {

  /**
   * @param better "higher is better" and the like, in words
   * @param allowed how much worse it may be; empty where it is not judged
   * @param mark a sign beside the result
   */
  public record MetricRow(
      String name,
      String better,
      String live,
      String version,
      String difference,
      String allowed,
      String result,
      String mark,
      String kind) {}

  public record Disagreement(
      String where, String index, String expected, String actual, String off) {}

  /** @param liveBar length of the live version's bar, of {@link #BAR} at most; {@code versionBar} likewise */
  public record TimeRow(
      String name, String live, String version, String times, int liveBar, int versionBar) {}

  static final int BAR = 100;

  public record SizeRow(String name, String live, String version, String difference) {}

  /** @param href empty for a plain value */
  public record OriginLine(String name, String value, String href) {}
}
