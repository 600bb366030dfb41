package dev.slipway.registry.search;

/** A piece of a filter, as written: quotes included. */
record Token(Kind kind, String text) {
  enum Kind {
    /** A dotted name, parts of it perhaps in backticks or double quotes. */
    NAME,
    /** A string in single quotes. */
    STRING,
    INTEGER,
    DECIMAL,
    /** A run of comparison characters; it may be no operator that the language has. */
    OPERATOR,
    KEYWORD,
    /** Everything from '(' to the matching ')'. */
    PARENTHESIS,
    SEMICOLON,
    /** What fits nothing else, an unclosed quote for example. */
    OTHER
  }

  boolean is(Kind wanted) {
    return kind == wanted;
  }

  boolean isKeyword(String word) {
    return kind == Kind.KEYWORD && text.equalsIgnoreCase(word);
  }
}
