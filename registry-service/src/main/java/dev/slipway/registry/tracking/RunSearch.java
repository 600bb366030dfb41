package dev.slipway.registry.tracking;

import dev.slipway.registry.search.Clause;
import dev.slipway.registry.search.Comparison;
import dev.slipway.registry.search.Ordering;
import dev.slipway.registry.search.PageToken;
import dev.slipway.registry.search.SearchGrammar;
import dev.slipway.registry.search.Subject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * One search over runs, as one statement. A metric that is filtered on is joined, so that an order by the same metric reads the
 * joined row, and the index on (key, value) can answer both.
 */
final class RunSearch {
  private final SqlText joins = new SqlText();
  private final SqlText where = new SqlText();
  private final StringBuilder order = new StringBuilder();
  private final Map<String, String> joinedMetrics = new HashMap<>();
  private final Set<String> neverNan = new HashSet<>();
  private final SearchLimit limit;
  private int joined;

  private RunSearch(SearchLimit limit) {
    this.limit = limit;
  }

  static RunSearch of(
      List<String> experimentIds,
      String filter,
      ViewType view,
      int maxResults,
      List<String> orderBy,
      String pageToken) {
    var search = new RunSearch(SearchLimit.of(maxResults, PageToken.parse(pageToken)));
    search.where.append(
        " where r.experiment_id = any (?) and r.lifecycle = any (?)",
        experimentIds.stream().map(TrackingRules::experimentId).toArray(Long[]::new),
        view.stages());
    SearchGrammar.RUNS.parse(filter).forEach(search::filter);
    search.order(orderBy.stream().map(SearchGrammar.RUNS::parseOrdering).toList());
    return search;
  }

  Page<RunRow> run(Function<SqlText, List<RunRow>> executor) {
    return limit.page(executor.apply(statement()));
  }

  SqlText statement() {
    SqlText statement = new SqlText()
        .append("select " + RunRow.COLUMNS + " from run r")
        .append(joins)
        .append(where)
        .append(" order by " + order);
    return limit.appendTo(statement);
  }

  private void filter(Clause clause) {
    switch (clause.subject()) {
      case METRIC -> filterMetric(clause);
      case ATTRIBUTE ->
        where.append(" and ").append(ClauseSql.compare("r." + column(clause.key()), clause));
      case PARAMETER -> where.append(" and ").append(pair("run_param", clause));
      case TAG -> where.append(" and ").append(pair("run_tag", clause));
      case DATASET -> where.append(" and ").append(dataset(clause));
    }
  }

  private void filterMetric(Clause clause) {
    String alias = joinedMetrics.get(clause.key());
    if (alias == null) {
      alias = nextAlias();
      joinedMetrics.put(clause.key(), alias);
      joins.append(
          " join latest_metric " + alias + " on " + alias + ".run = r.id and " + alias + ".key = ?",
          clause.key());
    }
    if (clause.comparison() != Comparison.NOT_EQUAL) {
      neverNan.add(clause.key());
    }
    where
        .append(" and ")
        .append(ClauseSql.compareMetric(alias + ".value", alias + ".is_nan", clause));
  }

  private static SqlText pair(String table, Clause clause) {
    String absent = clause.comparison() == Comparison.IS_NULL ? "not " : "";
    SqlText exists = new SqlText()
        .append(
            absent + "exists (select 1 from " + table + " x where x.run = r.id and x.key = ?",
            clause.key());
    if (!clause.comparison().isPresence()) {
      exists.append(" and ").append(ClauseSql.compare("x.value", clause));
    }
    return exists.append(")");
  }

  private static SqlText dataset(Clause clause) {
    if (clause.key().equals("context")) {
      return new SqlText()
          .append(
              "exists (select 1 from dataset_input i join dataset_input_tag t on t.input_id = i.id"
                  + " where i.run = r.id and t.key = ? and ",
              DatasetInput.CONTEXT)
          .append(ClauseSql.compare("t.value", clause))
          .append(")");
    }
    return new SqlText()
        .append(
            "exists (select 1 from dataset_input i join dataset d on d.id = i.dataset_id where i.run = r.id and ")
        .append(ClauseSql.compare("d." + clause.key(), clause))
        .append(")");
  }

  private void order(List<Ordering> orderings) {
    Set<String> seen = new HashSet<>();
    for (Ordering ordering : orderings) {
      if (!seen.add(ordering.subject() + "." + ordering.key())) {
        throw Refused.invalid("`order_by` contains duplicate fields: " + ordering.key());
      }
      orderBy(ordering);
    }
    if (!seen.contains(Subject.ATTRIBUTE + ".start_time")) {
      order.append("r.start_time desc, ");
    }
    order.append("r.run_id");
  }

  private void orderBy(Ordering ordering) {
    String direction = ordering.ascending() ? " asc" : " desc";
    switch (ordering.subject()) {
      case METRIC -> orderByMetric(ordering.key(), direction);
      case ATTRIBUTE -> order.append("r." + column(ordering.key()) + direction + " nulls last, ");
      case PARAMETER ->
        order.append(
            outerJoin("run_param", ordering.key()) + ".value" + direction + " nulls last, ");
      case TAG ->
        order.append(outerJoin("run_tag", ordering.key()) + ".value" + direction + " nulls last, ");
      case DATASET -> throw Refused.invalid("Invalid identifier type 'dataset'");
    }
  }

  /** Numbers first, then NaN, then runs without the metric: in either direction. */
  private void orderByMetric(String key, String direction) {
    String inner = joinedMetrics.get(key);
    String alias = inner == null ? outerJoin("latest_metric", key) : inner;
    if (inner == null) {
      order.append("case when " + alias + ".is_nan then 1 when " + alias
          + ".value is null then 2 else 0 end, ");
    } else if (!neverNan.contains(key)) {
      order.append(alias + ".is_nan, ");
    }
    order.append(alias + ".value" + direction + ", ");
  }

  private String outerJoin(String table, String key) {
    String alias = nextAlias();
    joins.append(
        " left join " + table + " " + alias + " on " + alias + ".run = r.id and " + alias
            + ".key = ?",
        key);
    return alias;
  }

  private String nextAlias() {
    return "j" + ++joined;
  }

  /** The grammar lets only these keys through, so the column is one of a fixed set. */
  private static String column(String key) {
    return key.equals("run_name") ? "name" : key;
  }
}
