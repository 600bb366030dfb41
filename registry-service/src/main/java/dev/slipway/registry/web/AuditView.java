package dev.slipway.registry.web;

import java.util.List;

/**
 * A page of the audit log.
 *
 * @param object the filter; empty for all. So for {@code actor} and {@code action}
 * @param verdict on the whole chain; null when nobody asked for it
 * @param next address of the next page; empty on the last
 */
public record AuditView(
    String object, String actor, String action, Verdict verdict, List<Row> rows, String next) {

  public record Verdict(boolean intact, String text) {}

  /** @param actorHref all that this actor did; {@code objectHref} likewise of the object
   * @param before as JSON text; empty when there was nothing. So for {@code after} */
  public record Row(
      long sequence,
      Moment at,
      String actor,
      String action,
      String object,
      String actorHref,
      String objectHref,
      String before,
      String after) {}
}
