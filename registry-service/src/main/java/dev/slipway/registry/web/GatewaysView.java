package dev.slipway.registry.web;

import java.util.List;

/**
 * The serving processes.
 *
 * @param command starts one, for the empty state
 */
public record GatewaysView(long revision, List<Replica> replicas, String command) {

  /**
   * @param behind how far it is behind the registry, in words
   * @param rows what does not agree first
   */
  public record Replica(
      String name, String url, boolean connected, Moment heard, String behind, List<Row> rows) {

    /** How many rows agree, in words; empty without rows. */
    public String agreement() {
      long agree = rows.stream().filter(Row::agrees).count();
      if (rows.isEmpty()) {
        return "";
      }
      return agree == rows.size()
          ? "✓ all " + agree + " as desired"
          : "✗ " + (rows.size() - agree) + " of " + rows.size() + " not as desired";
    }
  }

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
