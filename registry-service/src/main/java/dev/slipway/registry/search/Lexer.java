package dev.slipway.registry.search;

import dev.slipway.registry.search.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Cuts a filter or an ordering into tokens. It never fails: what it cannot read becomes {@link Kind#OTHER}. */
final class Lexer {
  private static final Set<String> KEYWORDS =
      Set.of("AND", "OR", "NOT", "IN", "IS", "NULL", "LIKE", "ILIKE", "TRUE", "FALSE", "BETWEEN");

  private final String text;
  private int at;

  private Lexer(String text) {
    this.text = text;
  }

  static List<Token> tokens(String text) {
    var lexer = new Lexer(text);
    var tokens = new ArrayList<Token>();
    while (lexer.skipSpace()) {
      tokens.add(lexer.next());
    }
    return tokens;
  }

  private boolean skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < text.length();
  }

  private Token next() {
    char c = text.charAt(at);
    if (c == '\'') {
      return quoted(Kind.STRING, '\'');
    }
    if (isNameStart(c) || c == '"' || c == '`') {
      return name();
    }
    if (isDigit(c) || ((c == '-' || c == '.') && isNumberAhead())) {
      return number();
    }
    if ("<>=!~".indexOf(c) >= 0) {
      return run(Kind.OPERATOR, "<>=!~");
    }
    if (c == '(') {
      return parenthesis();
    }
    return cut(c == ';' ? Kind.SEMICOLON : Kind.OTHER, at + 1);
  }

  private Token cut(Kind kind, int end) {
    String piece = text.substring(at, end);
    at = end;
    return new Token(kind, piece);
  }

  private Token run(Kind kind, String characters) {
    int end = at;
    while (end < text.length() && characters.indexOf(text.charAt(end)) >= 0) {
      end++;
    }
    return cut(kind, end);
  }

  private Token quoted(Kind kind, char quote) {
    int end = closing(at, quote);
    return end < 0 ? cut(Kind.OTHER, text.length()) : cut(kind, end);
  }

  /** The index after the quote that closes the one at {@code from}; -1 without one. Doubled quotes and backslashes escape. */
  private int closing(int from, char quote) {
    for (int i = from + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && quote == '\'' && i + 1 < text.length() && text.charAt(i + 1) == quote) {
        i++;
      } else if (c == quote) {
        if (quote != '\'' || i + 1 >= text.length() || text.charAt(i + 1) != quote) {
          return i + 1;
        }
        i++;
      }
    }
    return -1;
  }

  private Token name() {
    int end = at;
    boolean plain = true;
    while (true) {
      char c = end < text.length() ? text.charAt(end) : 0;
      // After a dot a single quote too is round a key: metrics.'f1 score'.
      if (c == '"' || c == '`' || (c == '\'' && end > at)) {
        end = closing(end, c);
        plain = false;
        if (end < 0) {
          return cut(Kind.OTHER, text.length());
        }
      } else {
        int start = end;
        while (end < text.length() && isNamePart(text.charAt(end))) {
          end++;
        }
        if (end == start) {
          return cut(Kind.OTHER, Math.min(text.length(), Math.max(end, at + 1)));
        }
      }
      if (end >= text.length() || text.charAt(end) != '.') {
        break;
      }
      plain = false;
      end++;
    }
    String piece = text.substring(at, end);
    boolean keyword = plain && KEYWORDS.contains(piece.toUpperCase(Locale.ROOT));
    return cut(keyword ? Kind.KEYWORD : Kind.NAME, end);
  }

  private Token number() {
    int end = text.charAt(at) == '-' ? at + 1 : at;
    boolean decimal = false;
    while (end < text.length()) {
      char c = text.charAt(end);
      boolean exponent = (c == 'e' || c == 'E') && end + 1 < text.length();
      if (exponent && isSignedDigit(end + 1)) {
        end++;
        decimal = true;
      } else if (c == '.') {
        decimal = true;
      } else if (!isDigit(c)) {
        break;
      }
      end++;
    }
    boolean runsOn = end < text.length() && isNamePart(text.charAt(end));
    return cut(runsOn ? Kind.OTHER : decimal ? Kind.DECIMAL : Kind.INTEGER, end);
  }

  private boolean isNumberAhead() {
    int next = at + 1;
    if (next < text.length() && text.charAt(at) == '-' && text.charAt(next) == '.') {
      next++;
    }
    return next < text.length() && isDigit(text.charAt(next));
  }

  private boolean isSignedDigit(int index) {
    char c = text.charAt(index);
    int digit = c == '-' || c == '+' ? index + 1 : index;
    return digit < text.length() && isDigit(text.charAt(digit));
  }

  private Token parenthesis() {
    int depth = 0;
    for (int i = at; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\'' || c == '"') {
        int end = closing(i, c);
        if (end < 0) {
          break;
        }
        i = end - 1;
      } else if (c == '(') {
        depth++;
      } else if (c == ')' && --depth == 0) {
        return cut(Kind.PARENTHESIS, i + 1);
      }
    }
    return cut(Kind.OTHER, text.length());
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNameStart(char c) {
    return Character.isLetter(c) || c == '_';
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c == '#' || c == '@';
  }
}
