package dev.slipway.registry.tracking;

import dev.slipway.registry.search.Clause;
import dev.slipway.registry.search.Comparison;
import dev.slipway.registry.search.Operand;

/** What every search shares: a comparison of one column with a clause's operand. */
final class ClauseSql {
  private ClauseSql() {}

  /** {@code column <operator> <operand>}; a clause without an operand is the caller's business. */
  static SqlText compare(String column, Clause clause) {
    return switch (clause.operand()) {
      case Operand.Text text ->
        new SqlText()
            .append(
                column + ' ' + clause.comparison().symbol() + " ?"
                    + clause.comparison().escape(),
                text.value());
      case Operand.Numeric number ->
        new SqlText().append(column + ' ' + clause.comparison().symbol() + " ?", bound(number));
      case Operand.TextList list ->
        new SqlText()
            .append(
                clause.comparison() == Comparison.IN
                    ? column + " = any (?)"
                    : column + " <> all (?)",
                (Object) list.values().toArray());
      case Operand.None _ -> throw new IllegalArgumentException("a presence clause has no operand");
    };
  }

  /** As {@link #compare} for a column with NaN: NaN differs from everything, and is neither more nor less than anything. */
  static SqlText compareMetric(String value, String isNan, Clause clause) {
    SqlText comparison = compare(value, clause);
    return clause.comparison() == Comparison.NOT_EQUAL
        ? new SqlText().append("(").append(comparison).append(" or " + isNan + ")")
        : comparison.append(" and not " + isNan);
  }

  private static Object bound(Operand.Numeric number) {
    if (number.integer() && Math.abs(number.value()) < 1L << 53) {
      return number.asLong();
    }
    return number.value();
  }
}
