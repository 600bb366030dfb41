package dev.slipway.serving.engine.booster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.serving.engine.Engine;
import dev.slipway.serving.engine.ModelLoadException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoosterRefusalTest {
  @TempDir
  private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"name\":\"multi:softprob\"|\"name\":\"my:objective\"|my:objective",
        "\"name\":\"gbtree\"|\"name\":\"gblinear\"|gblinear",
        "\"enc\":[]|\"enc\":[{\"offsets\":[0,1],\"values\":[120]}]|data frame",
        "\"attributes\":{}|\"attributes\":{\"best_iteration\":\"4\"}|stopped early at round 5",
        "\"size_leaf_vector\":\"1\"|\"size_leaf_vector\":\"3\"|vectors in their leaves",
        "\"num_class\":\"3\"|\"num_class\":\"4\"|base_score has 3 values",
        "\"num_feature\":\"4\",\"num_target\"|\"num_feature\":\"2\",\"num_target\"|feature that the model has not",
        "\"base_score\":\"[|\"base_score\":\"[x|base_score is no number",
        "\"left_children\":[1,-1,-1]|\"left_children\":[0,-1,-1]|not linked as a tree",
        "\"left_children\":[1,-1,-1]|\"left_children\":[2147483647,-1,-1]|not linked as a tree",
        "\"left_children\":[1,-1,-1]|\"left_children\":[1,-1]|not of one length",
        "\"split_type\":[0,0,0]|\"split_type\":[1,0,0]|no categories",
        "\"tree_info\":[0,1|\"tree_info\":[7,1|output that the model has not",
        "\"tree_info\":[0,1,2|\"tree_info\":[0,1|tree_info does not fit",
        "\"split_conditions\":[3.3E0|\"split_conditions\":[\"3.3E0\"|holds what is no number"
      })
  void xgboostFileWhoseAnswersAreNotSureIsRefused(String what, String by, String reason)
      throws IOException {
    String json =
        new String(FixtureModels.get("iris-xgboost-json").content(), StandardCharsets.UTF_8);
    assertThat(json).contains(what);
    Files.writeString(folder.resolve("model.json"), json.replace(what, by));

    assertRefused(new XgboostEngine(), reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "objective=multiclass num_class:3|objective=ranking_of_mine|ranking_of_mine",
        "version=v4|version=v9|v9",
        "end of trees|the end|ends in the middle",
        "tree_sizes=|'tree_sizes=100 '|ends in the middle",
        "pandas_categorical:null|pandas_categorical:[[\"a\"]]|data frame",
        "num_tree_per_iteration=3|num_tree_per_iteration=7|classes do not fit",
        "split_feature=2 0|split_feature=2 9|what the model has not",
        "left_child=1 -1|left_child=0 -1|not linked as a tree",
        "left_child=1 -1|left_child=1 -7|not linked as a tree",
        "leaf_value=-0.86|leaf_value=nan -0.86|leaf_value",
        "decision_type=2 2|decision_type=3 2|what the model has not",
        "threshold=3.4|threshold=x3.4|holds what is no number",
        "num_leaves=3|num_leaves=0|no leaves",
        "max_feature_idx=3|max_feature_idx=three|no whole number"
      })
  void lightgbmFileWhoseAnswersAreNotSureIsRefused(String what, String by, String reason)
      throws IOException {
    String text = new String(FixtureModels.get("iris-lightgbm").content(), StandardCharsets.UTF_8);
    assertThat(text).contains(what);
    Files.writeString(
        folder.resolve("model.txt"), text.replaceFirst(java.util.regex.Pattern.quote(what), by));

    assertRefused(new LightgbmEngine(), reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"iris-xgboost-json", "iris-xgboost-ubj", "iris-lightgbm"})
  void fileCutOffAnywhereIsRefused(String name) throws IOException {
    var fixture = FixtureModels.get(name);
    byte[] content = fixture.content();
    Engine engine = name.contains("xgboost") ? new XgboostEngine() : new LightgbmEngine();
    int end = name.equals("iris-lightgbm")
        ? new String(content, StandardCharsets.ISO_8859_1).indexOf("end of trees")
        : content.length - 1;
    for (int length = 40; length < end; length += 997) {
      Files.write(folder.resolve(fixture.file()), Arrays.copyOf(content, length));

      assertRefused(engine, "");
    }
  }

  @Test
  void ubjsonThatCountsMoreThanItHoldsIsRefusedWithoutTakingTheMemory() throws IOException {
    byte[] head = "{L\0\0\0\0\0\0\0\7learner[$d#L".getBytes(StandardCharsets.ISO_8859_1);
    byte[] lying = Arrays.copyOf(head, head.length + 8);
    Arrays.fill(lying, head.length, lying.length, (byte) 0x7f);
    Files.write(folder.resolve("model.ubj"), lying);

    assertRefused(new XgboostEngine(), "counts more than the file holds");
  }

  @Test
  void ubjsonThatNestsForeverIsRefused() throws IOException {
    String head = "{L\0\0\0\0\0\0\0\7learner" + "[".repeat(100_000);
    Files.write(folder.resolve("model.ubj"), head.getBytes(StandardCharsets.ISO_8859_1));

    assertRefused(new XgboostEngine(), "nested too deeply");
  }

  @Test
  void untrainedXgboostModelIsRefused() throws IOException {
    Files.writeString(folder.resolve("model.json"), """
        {"learner":{"attributes":{},"gradient_booster":{"model":{"gbtree_model_param":{"num_parallel_tree":"1"},
        "tree_info":[],"trees":[]},"name":"gbtree"},"learner_model_param":{"base_score":"[5E-1]","num_class":"0",
        "num_feature":"4","num_target":"1"},"objective":{"name":"binary:logistic"}},"version":[3,2,0]}
        """);

    assertRefused(new XgboostEngine(), "no trees");
  }

  @Test
  void loggedClassThatNobodyKnowsIsRefused() throws IOException {
    log("mine.Rounded");

    assertRefused(new XgboostEngine(), "MLmodel says that it is a 'mine.Rounded'");
  }

  @Test
  void classifierWithAnOldReleasesOwnLabelsIsRefused() throws IOException {
    log("xgboost.sklearn.XGBClassifier");
    Path model = folder.resolve("model.json");
    Files.writeString(
        model,
        Files.readString(model)
            .replace(
                "\"attributes\":{}", "\"attributes\":{\"scikit_learn\":\"{\\\"_le\\\": {}}\"}"));

    assertRefused(new XgboostEngine(), "before 1.6");
  }

  private void log(String pythonClass) throws IOException {
    FixtureModels.get("iris-xgboost-json").copyTo(folder);
    Files.writeString(
        folder.resolve("MLmodel"),
        "flavors: {xgboost: {data: model.json, model_class: " + pythonClass + "}}");
  }

  private void assertRefused(Engine engine, String reason) {
    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> engine.load(folder, ServingSettings.defaults()).close())
        .withMessageContaining(reason)
        .satisfies(refusal -> assertThat(refusal.getMessage())
            .doesNotContain(folder.toString())
            .doesNotContain("Exception"));
  }
}
