package dev.slipway.registry.tracking;

import dev.slipway.registry.search.Clause;
import dev.slipway.registry.search.Comparison;
import dev.slipway.registry.search.Ordering;
import dev.slipway.registry.search.Subject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One statement that finds runs. A metric that is filtered on is joined, so that an order by the same metric reads the
 * joined row, and the index on (key, value) can answer both. The same index gives the runs in the order of a metric, but only those
 * that have it as a number: {@link #ofNumbers}.
 */
final class RunStatement {
  /** What is searched for; of a filter's clauses all hold. */
  record Query(
      List<Long> experiments, List<String> stages, List<Clause> filter, List<Ordering> orderings) {
    Optional<String> leadingMetric() {
      return orderings.stream()
          .limit(1)
          .filter(ordering -> ordering.subject() == Subject.METRIC)
          .map(Ordering::key)
          .findFirst();
    }

    /** A comparison with NaN holds for "differs" only. */
    boolean wantsNumber(String metric) {
      return filter.stream()
          .anyMatch(clause -> clause.subject() == Subject.METRIC
              && clause.key().equals(metric)
              && clause.comparison() != Comparison.NOT_EQUAL);
    }
  }

  private final SqlText joins = new SqlText();
  private final SqlText where = new SqlText();
  private final StringBuilder order = new StringBuilder();
  private final Map<String, String> joinedMetrics = new HashMap<>();
  private final Set<String> neverNan = new HashSet<>();
  private int joined;

  private RunStatement() {}

  /** All that match, in order. */
  static SqlText of(Query query) {
    return new RunStatement().build(query);
  }

  /**
   * Of {@link #of}'s rows those whose number for the metric that leads the order is among its best. They are its first rows, as
   * NaN and runs without the metric come last. Empty when no metric leads, or when the filter lets only numbers through anyway.
   *
   * @param within of how many of the metric's numbers, of all experiments: where most of them are another experiment's, a walk
   *     to the end would cost more than a sort of the runs that match
   */
  static Optional<SqlText> ofNumbers(Query query, long within) {
    return query.leadingMetric().filter(metric -> !query.wantsNumber(metric)).map(metric -> {
      var statement = new RunStatement();
      statement.requireNumber(metric, query.orderings().getFirst().ascending(), within);
      return statement.build(query);
    });
  }

  private SqlText build(Query query) {
    query.filter().forEach(this::filter);
    order(query.orderings());
    return new SqlText()
        .append("select " + RunRow.COLUMNS + " from run r")
        .append(joins)
        .append(scope(query))
        .append(where)
        .append(" order by " + order);
  }

  /** One experiment in one stage is the leading part of an index that has its runs in the order of their start. */
  private static SqlText scope(Query query) {
    return new SqlText()
        .append(" where ")
        .append(oneOf("r.experiment_id", query.experiments()))
        .append(" and ")
        .append(oneOf("r.lifecycle", query.stages()));
  }

  private static SqlText oneOf(String column, List<?> values) {
    return values.size() == 1
        ? new SqlText().append(column + " = ?", values.getFirst())
        : new SqlText().append(column + " = any (?)", values);
  }

  /** Numbers as good as the first one outside are outside too: some of them may lie beyond it. */
  private void requireNumber(String metric, boolean ascending, long within) {
    String alias = innerJoin(metric);
    String outside = "(select b.value from latest_metric b where b.key = ? order by b.value"
        + (ascending ? " asc" : " desc") + " limit 1 offset ?)";
    where.append(
        " and not " + alias + ".is_nan and " + alias + ".value " + (ascending ? "<" : ">")
            + " coalesce(" + outside + ", " + (ascending ? "" : "-") + "'infinity'::float8)",
        metric,
        within);
    neverNan.add(metric);
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
    String alias = innerJoin(clause.key());
    if (clause.comparison() != Comparison.NOT_EQUAL) {
      neverNan.add(clause.key());
    }
    where
        .append(" and ")
        .append(ClauseSql.compareMetric(alias + ".value", alias + ".is_nan", clause));
  }

  private String innerJoin(String metric) {
    return joinedMetrics.computeIfAbsent(metric, key -> {
      String alias = nextAlias();
      joins.append(
          " join latest_metric " + alias + " on " + alias + ".run = r.id and " + alias + ".key = ?",
          key);
      return alias;
    });
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
      case ATTRIBUTE -> order.append(attribute(column(ordering.key()), direction));
      case PARAMETER ->
        order.append(
            outerJoin("run_param", ordering.key()) + ".value" + direction + " nulls last, ");
      case TAG ->
        order.append(outerJoin("run_tag", ordering.key()) + ".value" + direction + " nulls last, ");
      case DATASET -> throw Refused.invalid("Invalid identifier type 'dataset'");
    }
  }

  /** Only one column may be null; "nulls last" on another would keep its index out of use. */
  private static String attribute(String column, String direction) {
    return "r." + column + direction + (column.equals("end_time") ? " nulls last, " : ", ");
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
