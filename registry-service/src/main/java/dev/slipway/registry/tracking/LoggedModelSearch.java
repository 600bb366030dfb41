package dev.slipway.registry.tracking;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.registry.search.Clause;
import dev.slipway.registry.search.PageToken;
import dev.slipway.registry.search.SearchGrammar;
import dev.slipway.registry.search.Subject;
import java.util.List;
import java.util.function.Function;

/** One search over logged models, as one statement. Its page tokens belong to it: another query refuses them. */
public final class LoggedModelSearch {
  private static final String METRIC_PREFIX = "metrics.";
  /** MLflow orders by the status's number. */
  private static final String STATUS_NUMBER =
      "array_position(array['UNSPECIFIED', 'PENDING', 'READY', 'FAILED'], m.status)";

  /** Metrics measured on this dataset; {@code digest} null for any digest. */
  public record DatasetFilter(String name, String digest) {}

  /** An attribute, or {@code metrics.<key>} measured on a dataset (null for any). */
  public record Order(String field, boolean ascending, String datasetName, String datasetDigest) {}

  private final List<String> experimentIds;
  private final String filter;
  private final List<DatasetFilter> datasets;
  private final List<Order> orderBy;
  private final SearchLimit limit;

  LoggedModelSearch(
      List<String> experimentIds,
      String filter,
      List<DatasetFilter> datasets,
      int maxResults,
      List<Order> orderBy,
      String pageToken) {
    this.experimentIds = List.copyOf(experimentIds);
    this.filter = filter;
    this.datasets = List.copyOf(datasets);
    this.orderBy = List.copyOf(orderBy);
    if (datasets.stream()
        .anyMatch(dataset -> dataset.name() == null || dataset.name().isEmpty())) {
      throw Refused.invalid("`dataset_name` in the `datasets` clause must be specified.");
    }
    PageToken token = PageToken.parse(pageToken);
    if (token.offset() > 0) {
      requireSameQuery(token.content());
    }
    this.limit = SearchLimit.of(maxResults, token);
  }

  Page<LoggedModel> run(Function<SqlText, List<LoggedModel>> executor) {
    List<LoggedModel> models = executor.apply(statement());
    return limit.isCut(models)
        ? new Page<>(models.subList(0, limit.size()), token(limit.offset() + limit.size()))
        : new Page<>(models, null);
  }

  private SqlText statement() {
    List<Clause> clauses = SearchGrammar.LOGGED_MODELS.parse(filter);
    SqlText joins = new SqlText();
    SqlText where = new SqlText()
        .append(" where m.lifecycle = 'active' and m.experiment_id = any (?)", (Object)
            experimentIds.stream().map(TrackingRules::listedExperimentId).toArray(Long[]::new));
    clauses.forEach(clause -> where.append(" and ").append(condition(clause)));
    if (!datasets.isEmpty()
        && clauses.stream().noneMatch(clause -> clause.subject() == Subject.METRIC)) {
      where
          .append(" and exists (select 1 from logged_model_metric x where x.model = m.id")
          .append(onDatasets())
          .append(")");
    }
    String order = order(joins);
    return limit.appendTo(new SqlText()
        .append("select " + LoggedModelReader.COLUMNS + " from logged_model m")
        .append(joins)
        .append(where)
        .append(" order by " + order));
  }

  private SqlText condition(Clause clause) {
    return switch (clause.subject()) {
      case METRIC ->
        new SqlText()
            .append(
                "exists (select 1 from logged_model_metric x where x.model = m.id and x.key = ? and ",
                clause.key())
            .append(ClauseSql.compareMetric("x.value", "(x.value = 'NaN')", clause))
            .append(onDatasets())
            .append(")");
      case PARAMETER -> pair("logged_model_param", clause);
      case TAG -> pair("logged_model_tag", clause);
      default -> ClauseSql.compare(text(column(clause.key())), clause);
    };
  }

  private static SqlText pair(String table, Clause clause) {
    return new SqlText()
        .append(
            "exists (select 1 from " + table + " x where x.model = m.id and x.key = ? and ",
            clause.key())
        .append(ClauseSql.compare("x.value", clause))
        .append(")");
  }

  private SqlText onDatasets() {
    SqlText text = new SqlText();
    String joint = " and (";
    for (DatasetFilter dataset : datasets) {
      text.append(joint + "x.dataset_name = ?", dataset.name());
      if (dataset.digest() != null) {
        text.append(" and x.dataset_digest = ?", dataset.digest());
      }
      joint = " or ";
    }
    return datasets.isEmpty() ? text : text.append(")");
  }

  private String order(SqlText joins) {
    var order = new StringBuilder();
    boolean timed = false;
    boolean identified = false;
    for (int i = 0; i < orderBy.size(); i++) {
      Order by = orderBy.get(i);
      String direction = by.ascending() ? " asc" : " desc";
      if (by.field().startsWith(METRIC_PREFIX)) {
        String alias = "j" + i;
        joins.append(latestMetric(by, alias));
        order.append(alias + ".value is null, " + alias + ".value = 'NaN', " + alias + ".value"
            + direction + ", ");
      } else {
        String key = attribute(by.field());
        timed |= key.equals("creation_timestamp");
        identified |= key.equals("model_id");
        order.append(
            (key.equals("status") ? STATUS_NUMBER : column(key)) + direction + " nulls last, ");
      }
    }
    order.append(timed ? "" : "m.creation_time desc, ");
    return order + (identified ? "m.id" : "m.model_id");
  }

  private static SqlText latestMetric(Order by, String alias) {
    SqlText text = new SqlText()
        .append(
            " left join lateral (select x.value from logged_model_metric x where x.model = m.id and x.key = ?",
            by.field().substring(METRIC_PREFIX.length()));
    if (by.datasetName() != null) {
      text.append(" and x.dataset_name = ?", by.datasetName());
    }
    if (by.datasetDigest() != null) {
      text.append(" and x.dataset_digest = ?", by.datasetDigest());
    }
    return text.append(
        " order by x.timestamp desc, x.step desc, x.run_id limit 1) " + alias + " on true");
  }

  private static String attribute(String field) {
    if (field.indexOf('.') >= 0) {
      throw Refused.invalid(
          "Invalid order by field name: " + field + ". Only metrics are supported.");
    }
    return SearchGrammar.LOGGED_MODELS.parseOrdering(field.strip()).key();
  }

  /** The grammar lets only these keys through. */
  private static String column(String key) {
    return switch (key) {
      case "creation_timestamp" -> "m.creation_time";
      case "last_updated_timestamp" -> "m.last_update_time";
      default -> "m." + key;
    };
  }

  /** To a filter an experiment's number is text, to an order a number. */
  private static String text(String column) {
    return column.equals("m.experiment_id") ? column + "::text" : column;
  }

  private String token(long offset) {
    return new PageToken(query().put("offset", offset)).encoded();
  }

  private ObjectNode query() {
    ObjectNode query = JsonNodeFactory.instance.objectNode();
    ArrayNode ids = query.putArray("experiment_ids");
    experimentIds.forEach(ids::add);
    query.put("filter_string", filter);
    ArrayNode orders = query.putArray("order_by");
    orderBy.forEach(by -> orders
        .addObject()
        .put("field_name", by.field())
        .put("ascending", by.ascending())
        .put("dataset_name", by.datasetName())
        .put("dataset_digest", by.datasetDigest()));
    return query;
  }

  private void requireSameQuery(ObjectNode token) {
    query().properties().forEach(property -> {
      if (!property.getValue().equals(token.get(property.getKey()))) {
        throw Refused.invalid("The page token belongs to another query: " + property.getKey()
            + " does not match. Expected: " + property.getValue() + ". Found: "
            + token.get(property.getKey()));
      }
    });
  }
}
