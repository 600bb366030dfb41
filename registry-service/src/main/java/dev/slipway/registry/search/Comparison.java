package dev.slipway.registry.search;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The operators of the language. {@link #symbol()} is SQL's spelling. */
public enum Comparison {
  EQUAL("="),
  NOT_EQUAL("!="),
  LESS("<"),
  LESS_OR_EQUAL("<="),
  GREATER(">"),
  GREATER_OR_EQUAL(">="),
  LIKE("LIKE"),
  ILIKE("ILIKE"),
  IN("IN"),
  NOT_IN("NOT IN"),
  IS_NULL("IS NULL"),
  IS_NOT_NULL("IS NOT NULL");

  static final Set<Comparison> NUMERIC =
      EnumSet.of(EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL);
  static final Set<Comparison> TEXT = EnumSet.of(EQUAL, NOT_EQUAL, LIKE, ILIKE);
  static final Set<Comparison> TEXT_OR_ABSENT =
      EnumSet.of(EQUAL, NOT_EQUAL, LIKE, ILIKE, IS_NULL, IS_NOT_NULL);
  static final Set<Comparison> TEXT_OR_LIST = EnumSet.of(EQUAL, NOT_EQUAL, LIKE, ILIKE, IN, NOT_IN);

  private final String symbol;

  Comparison(String symbol) {
    this.symbol = symbol;
  }

  public String symbol() {
    return symbol;
  }

  /** Whether it asks for presence only, and so has no operand. */
  public boolean isPresence() {
    return this == IS_NULL || this == IS_NOT_NULL;
  }

  /** What SQL wants behind the operand: a backslash stands for itself, as in MLflow's own database, also at the end. */
  public String escape() {
    return this == LIKE || this == ILIKE ? " escape ''" : "";
  }

  /** The operator of that spelling, in any case; empty for one that the language does not have. */
  static Optional<Comparison> find(String symbol) {
    String wanted = symbol.toUpperCase(Locale.ROOT);
    return Arrays.stream(values()).filter(value -> value.symbol.equals(wanted)).findFirst();
  }
}
