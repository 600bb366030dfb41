package dev.slipway.serving.engine.booster;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.tensor.DataType;
import dev.slipway.serving.engine.Engine;
import dev.slipway.serving.engine.LoadedModel;
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
 * LightGBM models in its text form, as {@code save_model} writes them. It computes in doubles, and so its input and output are FP64:
 * a value rounded to FP32 can fall on the other side of a split. The answers are those of {@code Booster.predict}.
 */
@ApplicationScoped
public class LightgbmEngine implements Engine {
  private static final String FORMAT = "lightgbm";
  private static final Pattern HEAD = Pattern.compile("tree\\r?\\nversion=v");

  private final BoosterFiles files = new BoosterFiles(
      FORMAT,
      Set.of(".txt", ".lgb", ".lightgbm", ".model"),
      head -> HEAD.matcher(head).lookingAt() ? Optional.of(FORMAT) : Optional.empty());

  @Override
  public String name() {
    return FORMAT;
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
      LightgbmFile file = LightgbmFile.read(found.file());
      LightgbmForest forest = file.forest();
      var facts = new LinkedHashMap<String, Object>();
      facts.put("engine", name());
      facts.put("format", found.format());
      facts.put("file", shown);
      facts.putAll(file.metadata());
      BoosterOutput scores = BoosterOutput.scores(
          DataType.FP64, forest.outputs(), forest.objective().isByClass());
      return new BoosterModel(forest, DataType.FP64, List.of(scores), facts);
    } catch (MalformedModelException e) {
      throw new ModelLoadException(shown + " is broken: " + e.getMessage(), e);
    } catch (ModelLoadException e) {
      throw new ModelLoadException(shown + " cannot be served: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new ModelLoadException(shown + " could not be read", e);
    }
  }
}
