package dev.slipway.registry.tracking;

import dev.slipway.registry.search.Clause;
import dev.slipway.registry.search.Comparison;
import dev.slipway.registry.search.Operand;
import dev.slipway.registry.search.Ordering;
import dev.slipway.registry.search.PageToken;
import dev.slipway.registry.search.SearchGrammar;
import dev.slipway.registry.search.Subject;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One search over experiments, as one statement. */
record ExperimentSearch(SqlText statement, SearchLimit limit) {
  private static final List<Ordering> NEWEST_FIRST = List.of(
      new Ordering(Subject.ATTRIBUTE, "creation_time", false),
      new Ordering(Subject.ATTRIBUTE, "experiment_id", true));

  static ExperimentSearch of(
      ViewType view, int maxResults, String filter, List<String> orderBy, String pageToken) {
    SearchLimit limit = SearchLimit.of(maxResults, PageToken.parse(pageToken));
    SqlText statement = new SqlText()
        .append(
            "select id, name, artifact_location, lifecycle, creation_time, last_update_time"
                + " from experiment e where lifecycle = any (?)",
            (Object) view.stages());
    for (Clause clause : SearchGrammar.EXPERIMENTS.parse(filter)) {
      statement.append(" and ").append(condition(clause));
    }
    statement.append(" order by " + order(orderBy));
    return new ExperimentSearch(limit.appendTo(statement), limit);
  }

  Page<Experiment> run(Function<SqlText, List<Experiment>> executor) {
    return limit.page(executor.apply(statement));
  }

  private static SqlText condition(Clause clause) {
    if (clause.subject() == Subject.TAG) {
      return tagCondition(clause);
    }
    return clause.key().equals("experiment_id")
        ? idCondition(clause)
        : ClauseSql.compare("e." + clause.key(), requireInteger(clause));
  }

  private static SqlText tagCondition(Clause clause) {
    String absent = clause.comparison() == Comparison.IS_NULL ? "not " : "";
    SqlText exists = new SqlText()
        .append(
            absent
                + "exists (select 1 from experiment_tag t where t.experiment_id = e.id and t.key = ?",
            clause.key());
    if (!clause.comparison().isPresence()) {
      exists.append(" and ").append(ClauseSql.compare("t.value", clause));
    }
    return exists.append(")");
  }

  private static SqlText idCondition(Clause clause) {
    return switch (clause.operand()) {
      case Operand.TextList list ->
        new SqlText()
            .append(
                clause.comparison() == Comparison.IN ? "e.id = any (?)" : "e.id <> all (?)",
                (Object) list.values().stream().map(TrackingRules::experimentId).toArray());
      case Operand.Text text
      when clause.comparison() == Comparison.EQUAL || clause.comparison() == Comparison.NOT_EQUAL ->
        new SqlText()
            .append(
                "e.id " + clause.comparison().symbol() + " ?",
                TrackingRules.experimentId(text.value()));
      default ->
        throw Refused.invalid(
            "Invalid comparator for experiment_id: " + clause.comparison().symbol());
    };
  }

  private static Clause requireInteger(Clause clause) {
    if (clause.operand() instanceof Operand.Numeric number && !number.integer()) {
      throw Refused.invalid(
          "Invalid value for numeric attribute '" + clause.key() + "': '" + number.value() + "'");
    }
    if (clause.comparison() == Comparison.IN || clause.comparison() == Comparison.NOT_IN) {
      throw Refused.invalid(
          "Invalid comparator for string attribute: " + clause.comparison().symbol());
    }
    return clause;
  }

  private static String order(List<String> orderBy) {
    List<Ordering> orderings = orderBy.isEmpty()
        ? NEWEST_FIRST
        : orderBy.stream().map(SearchGrammar.EXPERIMENTS::parseOrdering).toList();
    String keys = orderings.stream().map(ExperimentSearch::key).collect(Collectors.joining(", "));
    boolean tied = orderings.stream().anyMatch(ordering -> ordering.key().equals("experiment_id"));
    return tied ? keys : keys + ", e.id desc";
  }

  private static String key(Ordering ordering) {
    if (ordering.subject() != Subject.ATTRIBUTE) {
      throw Refused.invalid("Invalid order_by entity: " + ordering.subject().label());
    }
    String column = switch (ordering.key()) {
      case "experiment_id" -> "e.id";
      case "name" -> "e.name collate \"C\"";
      case "creation_time" -> "e.creation_time";
      default -> "e.last_update_time";
    };
    return column + (ordering.ascending() ? " asc" : " desc");
  }
}
