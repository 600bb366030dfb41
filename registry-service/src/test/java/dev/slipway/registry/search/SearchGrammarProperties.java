package dev.slipway.registry.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every filter: it is read as it was meant, or refused with a reason; it never crashes or hangs. */
class SearchGrammarProperties {
  private static final List<SearchGrammar> ALL = List.of(
      SearchGrammar.RUNS,
      SearchGrammar.EXPERIMENTS,
      SearchGrammar.REGISTERED_MODELS,
      SearchGrammar.MODEL_VERSIONS,
      SearchGrammar.LOGGED_MODELS);

  @Property(tries = 2000)
  void anyTextIsReadOrRefused(@ForAll("noise") String filter) {
    for (SearchGrammar grammar : ALL) {
      try {
        grammar.parse(filter);
      } catch (SearchSyntaxException refused) {
        assertThat(refused.getMessage()).isNotBlank();
      }
    }
  }

  @Property
  void anyOrderingIsReadOrRefused(@ForAll("noise") String ordering) {
    try {
      SearchGrammar.RUNS.parseOrdering(ordering);
    } catch (SearchSyntaxException refused) {
      assertThat(refused.getMessage()).isNotBlank();
    }
  }

  @Property
  void whatIsWrittenIsRead(@ForAll("clauses") List<Clause> clauses) {
    String filter = String.join(
        " AND ", clauses.stream().map(SearchGrammarProperties::written).toList());

    assertThat(SearchGrammar.RUNS.parse(filter)).isEqualTo(clauses);
  }

  @Provide
  Arbitrary<String> noise() {
    return Arbitraries.of(
            "metrics",
            "params",
            ".",
            "\"",
            "'",
            "`",
            "(",
            ")",
            ",",
            " ",
            "AND",
            "OR",
            "IS NULL",
            "IN",
            "NOT",
            "=",
            "!=",
            ">",
            "LIKE",
            "a",
            "run_id",
            "1",
            "-",
            "1e",
            "0.5",
            ";",
            "\\",
            "é",
            "\t",
            "%",
            "start_time",
            "--")
        .list()
        .ofMaxSize(14)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<List<Clause>> clauses() {
    Arbitrary<String> key = Arbitraries.strings()
        .withCharRange('a', 'z')
        .withChars(" ./-:_")
        .ofMinLength(1)
        .ofMaxLength(9);
    Arbitrary<String> text =
        Arbitraries.strings().ascii().ofMaxLength(9).map(value -> value.replaceAll("['\\\\]", "x"));
    Arbitrary<Clause> metric = Combinators.combine(
            key, Arbitraries.of(Comparison.NUMERIC), Arbitraries.integers().between(-9999, 9999))
        .as((name, comparison, value) ->
            new Clause(Subject.METRIC, name, comparison, new Operand.Numeric(value, true)));
    Arbitrary<Clause> pair = Combinators.combine(
            Arbitraries.of(Subject.PARAMETER, Subject.TAG),
            key,
            Arbitraries.of(Comparison.TEXT),
            text)
        .as((subject, name, comparison, value) ->
            new Clause(subject, name, comparison, new Operand.Text(value)));
    Arbitrary<Clause> absent = Combinators.combine(
            key, Arbitraries.of(Comparison.IS_NULL, Comparison.IS_NOT_NULL))
        .as((name, comparison) -> new Clause(Subject.TAG, name, comparison, new Operand.None()));
    Arbitrary<Clause> list = text.list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .map(values ->
            new Clause(Subject.ATTRIBUTE, "run_id", Comparison.IN, new Operand.TextList(values)));
    return Arbitraries.oneOf(metric, pair, absent, list).list().ofMinSize(1).ofMaxSize(4);
  }

  private static String written(Clause clause) {
    String key = clause.subject() == Subject.ATTRIBUTE
        ? clause.key()
        : clause.subject().plural() + ".`" + clause.key() + "`";
    String operand = switch (clause.operand()) {
      case Operand.Text text -> " '" + text.value() + "'";
      case Operand.Numeric number -> " " + number.asLong();
      case Operand.TextList texts -> " ('" + String.join("', '", texts.values()) + "')";
      case Operand.None _ -> "";
    };
    return key + " " + clause.comparison().symbol() + operand;
  }
}
