package dev.slipway.registry.web;

import java.util.List;

/**
 * One run.
 *
 * @param folder of the artifacts that is shown; empty for their root
 * @param up address of the folder above; empty at the root
 * @param next address of the folder's next page; empty on the last
 * @param outside where the artifacts are when they are not kept here; else empty
 */
public record RunSheet(
    String id,
    String name,
    String experiment,
    String experimentHref,
    String status,
    String user,
    Moment started,
    String duration,
    List<ModelBoard.Pair> params,
    List<Measured> metrics,
    List<ModelBoard.Pair> tags,
    List<ModelBoard.Pair> datasets,
    String folder,
    String up,
    String outside,
    List<Entry> entries,
    String next,
    List<Made> versions) {

  /**
   * A version that was registered from it.
   *
   * @param standing "live", or its stage
   */
  public record Made(String name, String href, String standing) {}

  /** @param chart null where one point says it all */
  public record Measured(String name, String last, Chart chart) {}

  public record Entry(String name, String href, boolean folder, String size) {}
}
