package dev.slipway.serving.engine.booster;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.tensor.DataType;
import dev.slipway.serving.engine.Engine;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.MlmodelFile;
import dev.slipway.serving.engine.ModelLoadException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * XGBoost models in JSON and UBJSON, as its {@code save_model} writes them. The answers are those of {@code Booster.predict}: for
 * {@code binary:logistic} the probability of class 1, shape [N]. A classifier that MLflow logged answers its labels before them.
 */
@ApplicationScoped
public class XgboostEngine implements Engine {
  private static final String JSON = "xgboost-json";
  private static final Pattern JSON_HEAD =
      Pattern.compile("\\s*\\{\\s*\"(learner|version)\"\\s*:", Pattern.DOTALL);
  /** An object whose first key, of any integer type, is one of the document's two. */
  private static final Pattern UBJSON_HEAD =
      Pattern.compile("\\{[iUIlL]\\x00*\\x07(learner|version).*", Pattern.DOTALL);

  private final BoosterFiles files = new BoosterFiles(
      "xgboost", Set.of(".json", ".ubj", ".xgb", ".model", ".bst"), XgboostEngine::format);

  @Override
  public String name() {
    return "xgboost";
  }

  @Override
  public Optional<String> recognise(Path folder) {
    return files.find(folder).map(BoosterFiles.Found::format);
  }

  @Override
  public LoadedModel load(Path folder, ServingSettings settings) throws ModelLoadException {
    BoosterFiles.Found found = files.require(folder);
    String shown = folder.relativize(found.file()).toString();
    try {
      var document = new XgboostNode(
          found.format().equals(JSON)
              ? JsonDocument.read(found.file())
              : UbjsonDocument.read(found.file()));
      MlmodelFile logged = MlmodelFile.in(folder);
      XgboostClass as = XgboostClass.of(logged);
      var model = new XgboostModel(document, as);
      XgboostForest forest = model.forest();
      var facts = new LinkedHashMap<String, Object>();
      facts.put("engine", name());
      facts.put("format", found.format());
      facts.put("file", shown);
      XgboostClass.name(logged).ifPresent(name -> facts.put("python_class", name));
      facts.putAll(model.metadata());
      BoosterOutput scores = BoosterOutput.scores(
          DataType.FP32, forest.outputs(), forest.objective().givesProbabilitiesByClass());
      return new BoosterModel(
          forest,
          DataType.FP32,
          as == XgboostClass.CLASSIFIER
              ? List.of(BoosterOutput.label(forest, model.classes()), scores)
              : List.of(scores),
          facts);
    } catch (MalformedModelException e) {
      throw new ModelLoadException(shown + " is broken: " + e.getMessage(), e);
    } catch (ModelLoadException e) {
      throw new ModelLoadException(shown + " cannot be served: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new ModelLoadException(shown + " could not be read", e);
    }
  }

  private static Optional<String> format(String head) {
    if (JSON_HEAD.matcher(head).lookingAt()) {
      return Optional.of(JSON);
    }
    return UBJSON_HEAD.matcher(head).matches() ? Optional.of("xgboost-ubj") : Optional.empty();
  }
}
