package dev.slipway.registry.search;

import dev.slipway.registry.search.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns the token right of an operator into a value of the type that the key has. */
final class OperandReader {
  private static final Pattern ELEMENT = Pattern.compile(
      "\\G\\s*(?:'((?:[^'\\\\]|\\\\.)*)'|\"((?:[^\"\\\\]|\\\\.)*)\"|([^,'\"\\s]+))\\s*(,|$)");

  /** MLflow's clients say a version's number as a string, and then do so in filters too. */
  private static final Pattern QUOTED_NUMBER = Pattern.compile("'\\d{1,18}'|\"\\d{1,18}\"");

  private final SearchGrammar grammar;
  private final SearchGrammar.Key key;

  OperandReader(SearchGrammar grammar, SearchGrammar.Key key) {
    this.grammar = grammar;
    this.key = key;
  }

  Operand read(Token token) {
    if (grammar.isNumeric(key)) {
      return number(token);
    }
    if (grammar == SearchGrammar.LOGGED_MODELS && !token.is(Kind.PARENTHESIS)) {
      return new Operand.Text(bare(token.text()));
    }
    return switch (token.kind()) {
      case STRING, NAME -> new Operand.Text(unquoted(token.text()));
      case PARENTHESIS -> list(token);
      default -> throw notText(token);
    };
  }

  private Operand number(Token token) {
    if (grammar == SearchGrammar.MODEL_VERSIONS
        && QUOTED_NUMBER.matcher(token.text()).matches()) {
      return new Operand.Numeric(Double.parseDouble(unquoted(token.text())), true);
    }
    if (!token.is(Kind.INTEGER) && !token.is(Kind.DECIMAL)) {
      throw new SearchSyntaxException(
          key.subject() == Subject.METRIC
              ? "Expected numeric value type for metric. Found " + token.text()
              : "Expected numeric value type for numeric attribute: " + key.name() + ". Found "
                  + token.text());
    }
    try {
      return new Operand.Numeric(Double.parseDouble(token.text()), token.is(Kind.INTEGER));
    } catch (NumberFormatException notANumber) {
      throw new SearchSyntaxException("Invalid number in filter string: " + token.text());
    }
  }

  /** A number or a word stands for itself; quotes go where there are any. */
  private static String bare(String text) {
    char first = text.charAt(0);
    return first == '\'' || first == '"' ? unquoted(text) : text;
  }

  private static String unquoted(String text) {
    char first = text.charAt(0);
    boolean quoted = text.length() >= 2
        && (first == '\'' || first == '"')
        && text.charAt(text.length() - 1) == first;
    if (!quoted) {
      throw new SearchSyntaxException(
          "Parameter value is either not quoted or unidentified quote types used for string value "
              + text + ". Use either single or double quotes.");
    }
    return text.substring(1, text.length() - 1);
  }

  private SearchSyntaxException notText(Token token) {
    return new SearchSyntaxException(
        switch (key.subject()) {
          case ATTRIBUTE ->
            "Expected a quoted string value for attributes. Got value " + token.text();
          case DATASET ->
            "Expected a quoted string value for dataset attributes. Got value " + token.text();
          default ->
            "Expected a quoted string value for " + key.subject().label()
                + " (e.g. 'my-value'). Got value " + token.text();
        });
  }

  private Operand list(Token token) {
    if (!grammar.takesList(key)) {
      throw key.subject() == Subject.ATTRIBUTE
          ? new SearchSyntaxException("Only " + grammar.listKeys()
              + " attributes support comparison with a list of quoted string values.")
          : notText(token);
    }
    return new Operand.TextList(elements(token.text().substring(1, token.text().length() - 1)));
  }

  private static List<String> elements(String inside) {
    if (inside.isBlank()) {
      throw listError("expected a non-empty list of string values, but got empty list");
    }
    var values = new ArrayList<String>();
    Matcher matcher = ELEMENT.matcher(inside);
    int end = 0;
    while (end < inside.length() && matcher.find()) {
      if (matcher.group(3) != null) {
        throw listError(
            "expected string value, punctuation, or whitespace, but got different type in list: ("
                + inside + ")");
      }
      String raw = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
      values.add(raw.replaceAll("\\\\(['\"\\\\])", "$1"));
      end = matcher.end();
    }
    if (!inside.substring(end).isBlank() || values.isEmpty()) {
      throw listError("expected a non-empty list of string values, but got ill-formed list.");
    }
    return values;
  }

  private static SearchSyntaxException listError(String what) {
    return new SearchSyntaxException("While parsing a list in the query, " + what);
  }
}
