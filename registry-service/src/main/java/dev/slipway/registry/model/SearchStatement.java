package dev.slipway.registry.model;

import dev.slipway.registry.problem.RegistryException.Invalid;
import dev.slipway.registry.search.Clause;
import dev.slipway.registry.search.Comparison;
import dev.slipway.registry.search.Operand;
import dev.slipway.registry.search.Ordering;
import dev.slipway.registry.search.SearchGrammar;
import dev.slipway.registry.search.Subject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;

/** The statement that finds the ids of one page. Only literals of this class are ever appended as text; values are bound. */
final class SearchStatement {
  /** Prompts are registered models that carry this tag (MLflow's prompt registry). */
  private static final String PROMPT_TAG = "mlflow.prompt.is_prompt";

  private static final List<String> VERSIONS_NEWEST_FIRST =
      List.of("last_updated_timestamp DESC", "name ASC", "version_number DESC");

  private final StringBuilder sql;
  private final List<Object> arguments = new ArrayList<>();

  private SearchStatement(String select) {
    this.sql = new StringBuilder(select);
  }

  static SearchStatement ofModels(String filter, List<String> orderBy) {
    var statement = new SearchStatement("select m.id from registered_model m where true");
    List<Clause> clauses = SearchGrammar.REGISTERED_MODELS.parse(filter);
    statement.filter(clauses, "model_tag t where t.model_id = m.id", _ -> "m.name collate \"C\"");
    statement.order(
        SearchGrammar.REGISTERED_MODELS, orderBy, SearchStatement::modelColumn, List.of("name"));
    return statement;
  }

  static SearchStatement ofVersions(String filter, List<String> orderBy) {
    var statement = new SearchStatement(
        "select v.id from model_version v join registered_model m on m.id = v.model_id where true");
    List<Clause> clauses = SearchGrammar.MODEL_VERSIONS.parse(filter);
    statement.filter(
        clauses, "version_tag t where t.version_id = v.id", SearchStatement::versionColumn);
    statement.order(
        SearchGrammar.MODEL_VERSIONS,
        orderBy.isEmpty() ? VERSIONS_NEWEST_FIRST : orderBy,
        SearchStatement::versionColumn,
        List.of("name", "version_number DESC"));
    return statement;
  }

  /** One row more than {@code size} tells that there is another page. */
  SearchStatement page(int size, long offset) {
    append(" limit ? offset ?", size + 1L, offset);
    return this;
  }

  String sql() {
    return sql.toString();
  }

  Object[] arguments() {
    return arguments.toArray();
  }

  private static String modelColumn(String key) {
    return key.equals("name") ? "m.name collate \"C\"" : "m.updated_at";
  }

  private static String versionColumn(String key) {
    return switch (key) {
      case "name" -> "m.name collate \"C\"";
      case "run_id" -> "coalesce(v.run_id, '')";
      case "source_path" -> "coalesce(v.source, '')";
      case "version_number" -> "v.number";
      case "creation_timestamp" -> "v.created_at";
      default -> "v.updated_at";
    };
  }

  private void filter(List<Clause> clauses, String tags, Function<String, String> column) {
    boolean prompts = clauses.stream().anyMatch(SearchStatement::asksForPrompts);
    for (Clause clause : clauses) {
      if (clause.subject() != Subject.TAG) {
        sql.append(" and ");
        compare(column.apply(clause.key()), clause);
      } else if (prompts || !clause.key().equals(PROMPT_TAG)) {
        append(" and exists (select 1 from " + tags + " and t.key = ? and ", clause.key());
        compare("t.value", clause);
        sql.append(')');
      }
    }
    if (!prompts) {
      append(
          " and not exists (select 1 from model_tag p where p.model_id = m.id and p.key = ? and p.value = 'true')",
          PROMPT_TAG);
    }
  }

  private static boolean asksForPrompts(Clause clause) {
    return clause.subject() == Subject.TAG
        && clause.key().equals(PROMPT_TAG)
        && clause.operand() instanceof Operand.Text text
        && (clause.comparison() == Comparison.EQUAL || clause.comparison() == Comparison.NOT_EQUAL)
        && text.value()
            .equalsIgnoreCase(clause.comparison() == Comparison.EQUAL ? "true" : "false");
  }

  private void compare(String column, Clause clause) {
    switch (clause.operand()) {
      case Operand.Text text ->
        append(
            column + ' ' + clause.comparison().symbol() + " ?"
                + clause.comparison().escape(),
            text.value());
      case Operand.Numeric number ->
        append(column + ' ' + clause.comparison().symbol() + " ?", whole(clause, number));
      case Operand.TextList list ->
        append(
            column + (clause.comparison() == Comparison.IN ? " = any (?)" : " <> all (?)"),
            list.values());
      case Operand.None _ -> throw new Invalid("Invalid comparator for " + clause.key());
    }
  }

  private static Long whole(Clause clause, Operand.Numeric number) {
    if (!number.integer()) {
      throw new Invalid(
          "Invalid value for numeric attribute '" + clause.key() + "': " + number.value());
    }
    return number.asLong();
  }

  private void order(
      SearchGrammar grammar,
      List<String> orderBy,
      Function<String, String> column,
      List<String> tieBreakers) {
    var keys = new ArrayList<Ordering>();
    var seen = new HashSet<String>();
    for (String written : orderBy) {
      Ordering ordering = grammar.parseOrdering(written);
      if (ordering.subject() != Subject.ATTRIBUTE) {
        throw new Invalid("Invalid order_by entity: " + ordering.subject().label());
      }
      if (!seen.add(ordering.key())) {
        throw new Invalid("`order_by` contains duplicate fields: " + orderBy);
      }
      keys.add(ordering);
    }
    tieBreakers.stream()
        .map(grammar::parseOrdering)
        .filter(ordering -> seen.add(ordering.key()))
        .forEach(keys::add);
    for (int i = 0; i < keys.size(); i++) {
      sql.append(i == 0 ? " order by " : ", ")
          .append(column.apply(keys.get(i).key()))
          .append(keys.get(i).ascending() ? " asc" : " desc");
    }
  }

  private void append(String text, Object... values) {
    sql.append(text);
    arguments.addAll(List.of(values));
  }
}
