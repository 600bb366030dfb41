package dev.slipway.registry.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What MLflow's own grammar accepts and refuses, and with which words. */
class SearchGrammarTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "metric.acc >= 0.94                  | METRIC    | acc           | GREATER_OR_EQUAL",
        "metric.acc>=100                     | METRIC    | acc           | GREATER_OR_EQUAL",
        "params.m!='tf'                      | PARAMETER | m             | NOT_EQUAL",
        "params.\"m\"!=\"tf\"                | PARAMETER | m             | NOT_EQUAL",
        "metric.\"legit name\" >= 0.243      | METRIC    | legit name    | GREATER_OR_EQUAL",
        "metrics.\"X//Y#$$@&Z\" = 3          | METRIC    | X//Y#$$@&Z    | EQUAL",
        "metrics.`spacey name` > -5.5e3      | METRIC    | spacey name   | GREATER",
        "metrics.'f1 score' > 0.5            | METRIC    | f1 score      | GREATER",
        "metrics.\"accuracy.2.0\" > 5        | METRIC    | accuracy.2.0  | GREATER",
        "metrics.f1.score > .5               | METRIC    | f1.score      | GREATER",
        "`metric`.a >= 0.1                   | METRIC    | a             | GREATER_OR_EQUAL",
        "`tags`.source_name = 'a notebook'   | TAG       | source_name   | EQUAL",
        "tags.version like '%x_'             | TAG       | version       | LIKE",
        "tags.k IS NULL                      | TAG       | k             | IS_NULL",
        "params.k is not null                | PARAMETER | k             | IS_NOT_NULL",
        "attribute.artifact_uri = '1/23/4'   | ATTRIBUTE | artifact_uri  | EQUAL",
        "run.status = 'RUNNING'              | ATTRIBUTE | status        | EQUAL",
        "created > 1                         | ATTRIBUTE | start_time    | GREATER",
        "attributes.`Run name` ILIKE 'a%'    | ATTRIBUTE | run_name      | ILIKE",
        "run_id NOT IN ('a', \"b\")          | ATTRIBUTE | run_id        | NOT_IN",
        "dataset.name IN ('my_dataset')      | DATASET   | name          | IN",
      })
  void oneComparisonIsRead(String filter, Subject subject, String key, Comparison comparison) {
    List<Clause> clauses = SearchGrammar.RUNS.parse(filter.strip());

    assertThat(clauses).hasSize(1);
    assertThat(clauses.getFirst().subject()).isEqualTo(subject);
    assertThat(clauses.getFirst().key()).isEqualTo(key);
    assertThat(clauses.getFirst().comparison()).isEqualTo(comparison);
  }

  @Test
  void comparisonsAreJoinedByAndInAnyCase() {
    List<Clause> clauses = SearchGrammar.RUNS.parse(
        "metrics.rmse < 1 and params.model_class = 'LR' AND tags.x = \"L'Hosp\"");

    assertThat(clauses)
        .extracting(Clause::operand)
        .containsExactly(
            new Operand.Numeric(1, true), new Operand.Text("LR"), new Operand.Text("L'Hosp"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "metrics.A > 0.1 AND metrics.B > 1 AND",
        "and metrics.A > 0.1 AND AND metrics.B > 1",
        "metrics.A > 0.1 metrics.B > 1",
      })
  void anAndTooManyOrTooFewChangesNothing(String filter) {
    assertThat(SearchGrammar.RUNS.parse(filter)).extracting(Clause::key).containsExactly("A", "B");
    assertThat(SearchGrammar.RUNS.parse("AND")).isEmpty();
  }

  @Test
  void noFilterFindsEverything() {
    assertThat(SearchGrammar.RUNS.parse(null)).isEmpty();
    assertThat(SearchGrammar.RUNS.parse("")).isEmpty();
  }

  @Test
  void aBlankFilterIsNoneThatCouldBeParsed() {
    assertThatThrownBy(() -> SearchGrammar.REGISTERED_MODELS.parse("  "))
        .isInstanceOf(SearchSyntaxException.class)
        .hasMessage("Invalid filter '  '. Could not be parsed.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "metric.acc >= 0.94; metrics.rmse < 1     | Search filter contained multiple expression",
        "m.acc >= 0.94                            | Invalid entity type",
        "p.model >= 'LR'                          | Invalid entity type",
        "acc >= 0.94                              | Invalid attribute key",
        "attribute.experiment_id != 1             | Invalid attribute key",
        "attribute._status != 'RUNNING'           | Invalid attribute key",
        "metrics.A > 0.1 OR params.B = 'LR'       | Invalid clause(s) in filter string",
        "metrics.A > 0.1 NAND params.B = 'LR'     | Invalid clause(s) in filter string",
        "metrics.A > 0.1 AND (params.B = 'LR')    | Invalid clause(s) in filter string",
        "NOT metrics.A > 0.1                      | Invalid clause(s) in filter string",
        "`metrics.A > 0.1                         | Invalid clause(s) in filter string",
        "param`.A > 0.1                           | Invalid clause(s) in filter string",
        "attribute.status = true                  | Invalid clause(s) in filter string",
        "dataset.profile = 'num_rows: 10'         | Invalid dataset key",
        "metric.model = 'LR'                      | Expected numeric value type for metric",
        "metrics.acc != metrics.acc               | Expected numeric value type for metric",
        "metrics.acc IN (1, 2)                    | Expected numeric value type for metric",
        "start_time > 'x'                         | Expected numeric value type for numeric attribute",
        "params.acc = 5                           | Expected a quoted string value for param",
        "tags.acc = 5                             | Expected a quoted string value for tag",
        "tags.acc IN ('a')                        | Expected a quoted string value for tag",
        "attribute.status = 1                     | Expected a quoted string value for attributes",
        "1.0 > metrics.acc                        | Expected 'Identifier' found",
        "1==2                                     | Expected 'Identifier' found",
        "params.acc = LR                          | value is either not quoted or unidentified quote types",
        "params.acc = `LR`                        | value is either not quoted or unidentified quote types",
        "params.'acc = LR                         | Invalid clause(s) in filter string",
        "params.acc = 'LR                         | Invalid clause(s) in filter string",
        "params.acc = \"LR'                       | Invalid clause(s) in filter string",
        "tags.acc = = 'LR'                        | Invalid clause(s) in filter string",
        "attribute.status IS 'RUNNING'            | Invalid clause(s) in filter string",
        "params.acc LR !=                         | Invalid clause(s) in filter string",
        "metric.acc !=                            | Invalid clause(s) in filter string",
        "metrics.abc ~ 1.0                        | Invalid comparator",
        "metrics.abc == 1.0                       | Invalid comparator",
        "params.abc > 'x'                         | Invalid comparator",
        "attributes.status >= 'x'                 | Invalid comparator",
        "attributes.start_time LIKE 1234          | Invalid comparator",
        "datasets.name < 'x'                      | Invalid comparator",
        "status IS NULL                           | IS NULL / IS NOT NULL is only supported for tags and params",
        "status IN ('FINISHED')                   | attributes support comparison with a list",
        "run_id IN ()                             | got empty list",
        "run_id IN ('a' 'b')                      | ill-formed list",
        "run_id IN (1)                            | got different type in list",
        "run_id = ('a')                           | Invalid comparator",
      })
  void whatCannotBeReadIsRefusedInMlflowsWords(String filter, String message) {
    assertThatThrownBy(() -> SearchGrammar.RUNS.parse(filter.strip()))
        .isInstanceOf(SearchSyntaxException.class)
        .hasMessageContaining(message);
  }

  @Test
  void eachSearchHasItsOwnKeys() {
    assertThat(SearchGrammar.MODEL_VERSIONS.parse("version_number >= 2 and source_path LIKE 'a%'"))
        .hasSize(2);
    assertThat(SearchGrammar.REGISTERED_MODELS.parse("name IN ('a') and tags.k = 'v'"))
        .hasSize(2);
    assertThat(SearchGrammar.EXPERIMENTS.parse("creation_time > 5 AND tag.k IS NULL"))
        .hasSize(2);
    assertThat(SearchGrammar.LOGGED_MODELS.parse(
            "metrics.m > 1 AND params.p = 'x' AND creation_time > 1"))
        .extracting(Clause::key)
        .containsExactly("m", "p", "creation_timestamp");
    assertThatThrownBy(() -> SearchGrammar.REGISTERED_MODELS.parse("creation_timestamp > 1"))
        .hasMessageContaining("Invalid attribute key");
    assertThatThrownBy(() -> SearchGrammar.EXPERIMENTS.parse("metrics.a > 1"))
        .hasMessageContaining("Invalid entity type");
  }

  @ParameterizedTest
  @CsvSource({
    "metrics.`Mean Square Error`, Mean Square Error, true",
    "metrics.`Mean Square Error` ASC, Mean Square Error, true",
    "metrics.`Mean Square Error` DESC, Mean Square Error, false",
    "Created desc, start_time, false",
    "params.\"a b\", a b, true",
  })
  void orderingsNameAKeyAndADirection(String ordering, String key, boolean ascending) {
    Ordering read = SearchGrammar.RUNS.parseOrdering(ordering);

    assertThat(read.key()).isEqualTo(key);
    assertThat(read.ascending()).isEqualTo(ascending);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "m.acc|Invalid entity type",
        "acc|Invalid attribute key",
        "`metrics.A|Invalid order_by clause",
        "`metrics.A`|Invalid entity type",
        "metrics.A != 1|Invalid order_by clause",
        "params.my_param |Invalid order_by clause",
        "attribute.run_id ACS|Invalid ordering key",
        "run_id DESC blah|Invalid order_by clause",
      })
  void orderingsThatCannotBeReadAreRefused(String ordering, String message) {
    assertThatThrownBy(() -> SearchGrammar.RUNS.parseOrdering(ordering))
        .hasMessageContaining(message);
  }

  @Test
  void whatIsSearchedAndWhatIsOrderedByAreNotTheSame() {
    assertThatThrownBy(() -> SearchGrammar.MODEL_VERSIONS.parseOrdering("run_id DESC"))
        .hasMessageContaining("Invalid attribute key 'run_id' specified");
    assertThatThrownBy(() -> SearchGrammar.REGISTERED_MODELS.parseOrdering("creation_timestamp"))
        .hasMessageContaining("Invalid order by key 'creation_timestamp' specified");
    assertThat(SearchGrammar.MODEL_VERSIONS.parseOrdering("creation_timestamp").key())
        .isEqualTo("creation_timestamp");
    assertThat(SearchGrammar.REGISTERED_MODELS.parseOrdering("timestamp DESC").key())
        .isEqualTo("last_updated_timestamp");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "e30=",
        "eyJvZmZzZXQiOiAiYSJ9",
        "eyJvZmZzb290IjogN30=",
        "bm90IGpzb24=",
        "not base64",
        "Nw=="
      })
  void pageTokensOfOthersAreRefused(String token) {
    assertThatThrownBy(() -> PageToken.parse(token))
        .isInstanceOf(SearchSyntaxException.class)
        .hasMessageContaining("Invalid page token");
  }

  @Test
  void pageTokensTravelAndComeBack() {
    assertThat(PageToken.parse(PageToken.ofOffset(7).encoded()).offset()).isEqualTo(7);
    assertThat(PageToken.parse(null).offset()).isZero();
    assertThat(PageToken.parse("").offset()).isZero();
  }
}
