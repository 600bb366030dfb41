package dev.slipway.registry.search;

import dev.slipway.registry.search.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Reads one filter. */
final class FilterParser {
  private final SearchGrammar grammar;
  private final String filter;
  private final List<Token> tokens;
  private int at;

  FilterParser(SearchGrammar grammar, String filter) {
    this.grammar = grammar;
    this.filter = filter;
    this.tokens = Lexer.tokens(filter);
  }

  List<Clause> parse() {
    for (int i = 0; i + 1 < tokens.size(); i++) {
      if (tokens.get(i).is(Kind.SEMICOLON)) {
        throw new SearchSyntaxException("Search filter contained multiple expression '" + filter
            + "'. Provide AND-ed expression list.");
      }
    }
    var clauses = new ArrayList<Clause>();
    skipJoints();
    while (at < tokens.size()) {
      clauses.add(clause());
      skipJoints();
    }
    return clauses;
  }

  /** To MLflow an AND is a separator: there may be one too many, also at the ends, or none. */
  private void skipJoints() {
    while (peek(0).isKeyword("AND")) {
      at++;
    }
  }

  private Clause clause() {
    int start = at;
    Token left = peek(0);
    if (!left.is(Kind.NAME)) {
      if (peek(1).is(Kind.OPERATOR)) {
        throw new SearchSyntaxException(
            "Invalid comparison clause. Expected 'Identifier' found '" + left.text() + "'");
      }
      throw invalidClause(start);
    }
    at++;
    String operator = operator(start);
    Comparison comparison = Comparison.find(operator).orElse(null);
    if (comparison != null && comparison.isPresence()) {
      SearchGrammar.Key key = grammar.key(left.text(), false);
      requirePresence(key);
      return new Clause(key.subject(), key.name(), comparison, new Operand.None());
    }
    Token value = value(start);
    SearchGrammar.Key key = grammar.key(left.text(), false);
    Operand operand = new OperandReader(grammar, key).read(value);
    if (comparison == null || !fits(key, comparison, operand)) {
      throw new SearchSyntaxException("Invalid comparator '" + operator + "' not one of '"
          + grammar.operators(key).stream()
              .map(Comparison::symbol)
              .collect(Collectors.joining(", "))
          + "'");
    }
    return new Clause(key.subject(), key.name(), comparison, operand);
  }

  private boolean fits(SearchGrammar.Key key, Comparison comparison, Operand operand) {
    boolean list = comparison == Comparison.IN || comparison == Comparison.NOT_IN;
    return grammar.operators(key).contains(comparison)
        && list == (operand instanceof Operand.TextList);
  }

  private void requirePresence(SearchGrammar.Key key) {
    if (!grammar.asksPresence(key)) {
      throw new SearchSyntaxException(
          "IS NULL / IS NOT NULL is only supported for tags and params, not for '"
              + key.subject().label() + "' '" + key.name() + "'");
    }
  }

  /** The operator as written, several words joined by one space. */
  private String operator(int start) {
    Token token = peek(0);
    if (token.is(Kind.OPERATOR) || token.isKeyword("LIKE") || token.isKeyword("ILIKE")) {
      at++;
      return token.text();
    }
    if (token.isKeyword("IN") && peek(1).is(Kind.PARENTHESIS)) {
      at++;
      return Comparison.IN.symbol();
    }
    if (token.isKeyword("NOT") && peek(1).isKeyword("IN") && peek(2).is(Kind.PARENTHESIS)) {
      at += 2;
      return Comparison.NOT_IN.symbol();
    }
    if (token.isKeyword("IS") && peek(1).isKeyword("NULL")) {
      at += 2;
      return Comparison.IS_NULL.symbol();
    }
    if (token.isKeyword("IS") && peek(1).isKeyword("NOT") && peek(2).isKeyword("NULL")) {
      at += 3;
      return Comparison.IS_NOT_NULL.symbol();
    }
    throw invalidClause(start);
  }

  private Token value(int start) {
    Token token = peek(0);
    switch (token.kind()) {
      case NAME, STRING, INTEGER, DECIMAL, PARENTHESIS -> at++;
      default -> throw invalidClause(start);
    }
    return token;
  }

  private Token peek(int ahead) {
    return at + ahead < tokens.size() ? tokens.get(at + ahead) : new Token(Kind.OTHER, "");
  }

  private SearchSyntaxException invalidClause(int from) {
    String rest = tokens.subList(Math.min(from, tokens.size()), tokens.size()).stream()
        .map(token -> "'" + token.text() + "'")
        .collect(Collectors.joining(", "));
    if (grammar == SearchGrammar.LOGGED_MODELS) {
      return new SearchSyntaxException("Invalid filter string: '" + filter
          + "'. Expected a list of comparisons separated by 'AND'"
          + " (e.g. 'metrics.loss > 0.1 AND params.lr = 0.01').");
    }
    return new SearchSyntaxException("Invalid clause(s) in filter string: " + rest);
  }
}
