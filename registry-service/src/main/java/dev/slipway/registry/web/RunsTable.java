package dev.slipway.registry.web;

import java.util.List;

/**
 * The runs of one experiment.
 *
 * @param filter in MLflow's grammar; empty for all
 * @param order in MLflow's grammar; empty for the latest first
 * @param columns what each row has a cell for, such as "metrics.auc"
 * @param chosen the columns as the caller wrote them; empty for the usual ones
 * @param next address of the next page; empty on the last
 * @param command logs a run, for the empty state
 */
public record RunsTable(
    String experiment,
    String href,
    String filter,
    String order,
    String chosen,
    List<String> columns,
    List<Row> runs,
    String next,
    String command) {

  public record Row(
      String id,
      String name,
      String href,
      String status,
      String user,
      Moment started,
      String duration,
      List<String> cells) {}
}
