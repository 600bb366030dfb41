package dev.slipway.registry.search;

import dev.slipway.registry.search.Token.Kind;
import java.util.List;

/** Reads one element of an {@code order_by} list. */
final class OrderingParser {
  private OrderingParser() {}

  static Ordering parse(SearchGrammar grammar, String ordering) {
    List<Token> tokens = Lexer.tokens(ordering);
    boolean readable = !tokens.isEmpty()
        && tokens.size() <= 2
        && tokens.stream().allMatch(token -> token.is(Kind.NAME))
        && ordering.equals(ordering.strip());
    if (!readable) {
      throw new SearchSyntaxException(
          "Invalid order_by clause '" + ordering + "'. Could not be parsed.");
    }
    boolean ascending = tokens.size() == 1 || isAscending(tokens.get(1).text(), ordering);
    SearchGrammar.Key key = grammar.key(tokens.getFirst().text(), true);
    return new Ordering(key.subject(), key.name(), ascending);
  }

  private static boolean isAscending(String word, String ordering) {
    if (!word.equalsIgnoreCase("asc") && !word.equalsIgnoreCase("desc")) {
      throw new SearchSyntaxException(
          "Invalid ordering key in order_by clause '" + ordering + "'.");
    }
    return word.equalsIgnoreCase("asc");
  }
}
