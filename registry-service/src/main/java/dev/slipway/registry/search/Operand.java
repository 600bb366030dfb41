package dev.slipway.registry.search;

import java.util.List;

/** The right side of a clause. */
public sealed interface Operand {
  /** A quoted string, without its quotes. */
  record Text(String value) implements Operand {}

  /** A literal number; {@code integer} tells 1 from 1.0. */
  record Numeric(double value, boolean integer) implements Operand {
    public long asLong() {
      return (long) value;
    }
  }

  /** A parenthesised list of at least one quoted string. */
  record TextList(List<String> values) implements Operand {
    public TextList {
      values = List.copyOf(values);
    }
  }

  /** {@code IS NULL} and {@code IS NOT NULL} have no right side. */
  record None() implements Operand {}
}
