package dev.slipway.registry.mlflow;

import graphql.language.Document;
import graphql.language.Field;
import graphql.language.FragmentDefinition;
import graphql.language.FragmentSpread;
import graphql.language.InlineFragment;
import graphql.language.OperationDefinition;
import graphql.language.Selection;
import graphql.language.SelectionSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How much one GraphQL query may ask for, with MLflow's limits and words: a short text can ask for the same thing many times. */
final class GraphqlLimits {
  private static final int MOST_ROOT_FIELDS = 10;
  private static final int MOST_ALIASES = 10;
  private static final int DEEPEST = 10;
  private static final int MOST_SELECTIONS = 1000;

  private final Map<String, FragmentDefinition> fragments;
  private int rootFields;
  private int aliases;
  private int selections;
  private String refusal;

  private GraphqlLimits(Map<String, FragmentDefinition> fragments) {
    this.fragments = fragments;
  }

  /** Why the query is not looked at; null when it is within the limits. */
  static String refusal(Document query) {
    var limits = new GraphqlLimits(query.getDefinitionsOfType(FragmentDefinition.class).stream()
        .collect(Collectors.toMap(
            FragmentDefinition::getName, Function.identity(), (one, other) -> one)));
    for (OperationDefinition operation : query.getDefinitionsOfType(OperationDefinition.class)) {
      limits.visit(operation.getSelectionSet(), 1);
    }
    return limits.verdict();
  }

  private String verdict() {
    if (refusal != null) {
      return refusal;
    }
    if (rootFields > MOST_ROOT_FIELDS) {
      return tooMany("root fields", MOST_ROOT_FIELDS, rootFields);
    }
    return aliases > MOST_ALIASES ? tooMany("aliases", MOST_ALIASES, aliases) : null;
  }

  private static String tooMany(String what, int most, int got) {
    return "GraphQL queries should have at most " + most + ' ' + what + ", got " + got + ' ' + what
        + '.';
  }

  private void visit(SelectionSet set, int depth) {
    if (depth > DEEPEST) {
      refusal = "Query exceeds maximum depth of " + DEEPEST;
      return;
    }
    List<Field> fields = new ArrayList<>();
    collect(set, new HashSet<>(), fields);
    aliases = Math.max(
        aliases, (int) fields.stream().filter(field -> field.getAlias() != null).count());
    for (Field field : fields) {
      rootFields += depth == 1 ? 1 : 0;
      if (++selections > MOST_SELECTIONS) {
        refusal = "Query exceeds maximum total selections of " + MOST_SELECTIONS;
      }
      if (refusal != null) {
        return;
      }
      if (field.getSelectionSet() != null) {
        visit(field.getSelectionSet(), depth + 1);
      }
    }
  }

  /** The fields of one level, those of its fragments included, each fragment once. */
  private void collect(SelectionSet set, Set<String> seen, List<Field> fields) {
    for (Selection<?> selection : set.getSelections()) {
      switch (selection) {
        case Field field -> fields.add(field);
        case InlineFragment inline -> collect(inline.getSelectionSet(), seen, fields);
        case FragmentSpread spread -> {
          FragmentDefinition fragment = fragments.get(spread.getName());
          if (fragment != null && seen.add(spread.getName())) {
            collect(fragment.getSelectionSet(), seen, fields);
          }
        }
        default -> {}
      }
    }
  }
}
