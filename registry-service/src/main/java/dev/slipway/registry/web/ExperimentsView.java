package dev.slipway.registry.web;

import java.util.List;

/**
 * The list of experiments.
 *
 * @param query what the names must contain; empty for any
 * @param next address of the next page; empty on the last
 * @param command logs a run, for the empty state
 */
public record ExperimentsView(String query, List<Row> experiments, String next, String command) {

  public record Row(long id, String name, String href, Moment updated) {}
}
