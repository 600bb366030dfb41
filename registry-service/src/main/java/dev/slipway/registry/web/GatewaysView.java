package dev.slipway.registry.web;

import java.util.List;

/**
 * The serving processes.
 *
 * @param one whether only one of them is shown
 * @param command starts one, for the empty state
 */
public record GatewaysView(long revision, List<Replica> replicas, boolean one, String command) {

  /**
   * @param behind how far it is behind the registry, in words
   * @param agreement how many of all rows agree, in words; empty without rows
   * @param rows what does not agree first
   * @param next address of its next page of rows; empty on the last
   */
  public record Replica(
      String name,
      String url,
      boolean connected,
      Moment heard,
      String behind,
      String agreement,
      List<Row> rows,
      String next) {}

  /**
   * One version on one replica.
   *
   * @param desired its roles; empty when it is not wanted there
   * @param actual its state; empty when it is not there
   * @param agrees whether what is wanted is there
   */
  public record Row(
      String model,
      String href,
      int version,
      String desired,
      String actual,
      boolean agrees,
      String error) {}
}
