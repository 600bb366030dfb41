package dev.slipway.serving.engine.booster;

import dev.slipway.serving.engine.ModelLoadException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds the forest of an XGBoost document (1.0 to 3.x), or says why its answers would not surely be XGBoost's own. */
final class XgboostModel {
  private final XgboostNode learner;
  private final XgboostNode parameters;
  private final String objectiveName;
  private final String boosterName;
  private final XgboostNode model;
  private final String version;
  private final XgboostClass logged;

  XgboostModel(XgboostNode document, XgboostClass logged)
      throws MalformedModelException, ModelLoadException {
    this.logged = logged;
    learner = document.child("learner");
    parameters = learner.child("learner_model_param");
    objectiveName = learner.child("objective").text("name");
    XgboostNode booster = learner.child("gradient_booster");
    boosterName = booster.text("name");
    model = switch (boosterName) {
      case "gbtree" -> booster.child("model");
      case "dart" -> booster.child("gbtree").child("model");
      default ->
        throw new ModelLoadException("the booster '" + boosterName
            + "' is not one of trees; only gbtree and dart are served from XGBoost files");
    };
    version = document.has("version") ? join(document.ints("version")) : "unknown";
  }

  XgboostForest forest() throws MalformedModelException, ModelLoadException {
    requireCodes();
    XgboostObjective objective = objective();
    int features = parameters.number("num_feature", "0");
    List<XgboostNode> nodes = model.children("trees");
    if (nodes.isEmpty()) {
      throw new ModelLoadException("it holds no trees: it was saved before it was trained");
    }
    requireNoEncoder();
    var trees = new XgboostTree[counted(nodes.size())];
    for (int i = 0; i < trees.length; i++) {
      if (nodes.get(i).child("tree_param").number("size_leaf_vector", "1") > 1) {
        throw new ModelLoadException(
            "its trees have vectors in their leaves (multi_strategy=multi_output_tree);"
                + " train with one_output_per_tree");
      }
      trees[i] = new XgboostTree(nodes.get(i), features);
    }
    float[] margins = margins(objective);
    return new XgboostForest(
        features,
        trees,
        groups(nodes.size(), margins.length),
        weights(nodes.size()),
        margins,
        objective);
  }

  Map<String, Object> metadata() throws MalformedModelException {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("framework_version", version);
    facts.put("objective", objectiveName);
    facts.put("booster", boosterName);
    facts.put("trees", model.children("trees").size());
    facts.put("feature_names", learner.texts("feature_names"));
    return facts;
  }

  private XgboostObjective objective() throws MalformedModelException, ModelLoadException {
    Optional<XgboostObjective> objective = XgboostObjective.find(objectiveName);
    if (objective.isEmpty()) {
      throw new ModelLoadException(
          "the objective '" + objectiveName
              + "' is not known here, so its predictions cannot be surely right; export the model to ONNX");
    }
    if (objective.get().isMulticlass() && parameters.number("num_class", "0") < 2) {
      throw new MalformedModelException("a classifier of many classes names fewer than two");
    }
    return objective.get();
  }

  private float[] margins(XgboostObjective objective) throws MalformedModelException {
    int outputs = outputs();
    String text = parameters.text("base_score").strip();
    String[] scores = text.startsWith("[")
        ? text.substring(1, text.length() - 1).split(",")
        : new String[] {text};
    if (scores.length != 1 && scores.length != outputs) {
      throw new MalformedModelException(
          "base_score has " + scores.length + " values for " + outputs + " outputs");
    }
    float[] margins = new float[outputs];
    for (int i = 0; i < outputs; i++) {
      try {
        margins[i] = objective.margin(Float.parseFloat(scores[scores.length == 1 ? 0 : i].strip()));
      } catch (NumberFormatException e) {
        throw new MalformedModelException("base_score is no number", e);
      }
      if (!Float.isFinite(margins[i])) {
        throw new MalformedModelException("base_score does not fit the objective");
      }
    }
    return margins;
  }

  private int[] groups(int trees, int outputs) throws MalformedModelException {
    int[] groups = model.optionalInts("tree_info");
    if (groups.length != trees) {
      throw new MalformedModelException("tree_info does not fit the number of trees");
    }
    for (int group : groups) {
      if (group < 0 || group >= outputs) {
        throw new MalformedModelException("a tree adds to an output that the model has not");
      }
    }
    return groups;
  }

  private float[] weights(int trees) throws MalformedModelException {
    if (!boosterName.equals("dart")) {
      return null;
    }
    float[] weights = learner.child("gradient_booster").floats("weight_drop");
    if (weights.length != trees) {
      throw new MalformedModelException("weight_drop does not fit the number of trees");
    }
    return weights;
  }

  /** Categories that only a data frame can encode would be taken for their codes. */
  private void requireCodes() throws MalformedModelException, ModelLoadException {
    if (model.has("cats")
        && model.child("cats").has("enc")
        && model.child("cats").fields().get("enc") instanceof List<?> encodings
        && !encodings.isEmpty()) {
      throw new ModelLoadException(
          "it was trained on a data frame's categories, which it encodes itself;"
              + " train on category codes (feature_types='c'), or export a pipeline to ONNX");
    }
  }

  /**
   * How many of the trees count. After early stopping XGBoost's two APIs disagree on the rounds after the best one: boosters
   * count them, estimators do not.
   */
  private int counted(int trees) throws MalformedModelException, ModelLoadException {
    if (logged == XgboostClass.BOOSTER
        || !learner.has("attributes")
        || !learner.child("attributes").has("best_iteration")) {
      return trees;
    }
    int best = learner.child("attributes").number("best_iteration", "0");
    int parallel = model.child("gbtree_model_param").number("num_parallel_tree", "1");
    int round = Math.max(1, Math.max(parallel, 1) * outputs());
    if (best < 0 || best + 1 >= trees / round) {
      return trees;
    }
    if (logged == XgboostClass.UNSAID) {
      throw new ModelLoadException(
          "it holds " + trees / round + " rounds but stopped early at round " + (best + 1)
              + ", and XGBoost's own APIs disagree on which count: save booster[: best_iteration + 1]");
    }
    return (best + 1) * round;
  }

  /** Releases before 1.6 kept a classifier's own labels beside the booster, and answered with them. */
  private void requireNoEncoder() throws MalformedModelException, ModelLoadException {
    if (logged == XgboostClass.CLASSIFIER
        && learner.has("attributes")
        && learner.child("attributes").has("scikit_learn")
        && learner.child("attributes").text("scikit_learn").contains("\"_le\"")) {
      throw new ModelLoadException(
          "its labels are encoded by a release of XGBoost before 1.6; save it by a newer one");
    }
  }

  /** Classes of a classifier, as XGBClassifier counts them after loading. */
  int classes() throws MalformedModelException {
    return Math.max(2, parameters.number("num_class", "0"));
  }

  private int outputs() throws MalformedModelException {
    return Math.max(
        1, Math.max(parameters.number("num_class", "0"), parameters.number("num_target", "1")));
  }

  private static String join(int[] numbers) {
    return java.util.Arrays.stream(numbers)
        .mapToObj(Integer::toString)
        .collect(java.util.stream.Collectors.joining("."));
  }
}
