package dev.slipway.registry.web;

import java.util.List;

/**
 * The list of models.
 *
 * @param query what the names must contain; empty for any
 * @param next address of the next page; empty on the last
 * @param command makes a model, for the empty state
 */
public record ModelsView(String query, List<Row> models, String next, String command) {

  /**
   * @param live number of the live version; null when none is
   * @param since when it became live; null when that is not known
   * @param newer how many versions were registered after it
   * @param health how it does on the gateways, in words; empty when nothing is live
   */
  public record Row(
      String name,
      String href,
      String description,
      Integer live,
      Moment since,
      int newer,
      String health,
      String kind,
      List<String> tags,
      Integer latest,
      Moment updated) {}
}
