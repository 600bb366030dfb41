package dev.slipway.serving.engine;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The engines of this process, and which of them takes a version's files. Thread-safe. */
@ApplicationScoped
public class Engines {
  private final List<Engine> engines;

  @Inject
  Engines(@Any Instance<Engine> engines) {
    this(engines.stream().sorted(Comparator.comparing(Engine::name)).toList());
  }

  public Engines(List<Engine> engines) {
    this.engines = List.copyOf(engines);
  }

  /** The format of the files and the engine that takes it; empty when none does. */
  public Optional<Recognised> recognise(Path folder) {
    for (Engine engine : engines) {
      Optional<String> format = engine.recognise(folder);
      if (format.isPresent()) {
        return Optional.of(new Recognised(engine, format.get()));
      }
    }
    return Optional.empty();
  }

  /**
   * Loads the version with the engine that takes its files.
   *
   * @throws ModelLoadException also when no engine takes them
   */
  public LoadedModel load(Path folder, ServingSettings settings) throws ModelLoadException {
    Optional<Recognised> recognised = recognise(folder);
    if (recognised.isEmpty()) {
      String names = engines.stream().map(Engine::name).collect(Collectors.joining(", "));
      throw new ModelLoadException("no model file that can be served was found (engines here: "
          + names + "); add an ONNX export, for example model.onnx at the root of the version");
    }
    LoadedModel model = recognised.get().engine().load(folder, settings);
    MlmodelFile logged = MlmodelFile.in(folder);
    requireOwn(model, logged);
    List<FrameColumn> columns = columns(logged, model.signature());
    return new BatchableModel(
        model,
        columns,
        MlflowParams.in(logged),
        SignatureKind.in(logged),
        SavedExample.in(folder, logged, model.signature(), columns));
  }

  /** What a Python function makes of its files nobody here knows: to answer for it would be to answer something else. */
  private static void requireOwn(LoadedModel model, MlmodelFile logged) throws ModelLoadException {
    String file = String.valueOf(model.metadata().get("file"));
    if (logged.isPartOfFunction(file)) {
      model.close();
      throw new ModelLoadException("MLmodel says that a Python function answers, of which '" + file
          + "' is only a part: not served; if that file alone is the model, register it without"
          + " the function, else export the whole to ONNX");
    }
  }

  /** They fit a model whose one input has a place for each of them, and one that has an input for each. */
  private static List<FrameColumn> columns(MlmodelFile logged, ModelSignature signature) {
    List<FrameColumn> named = MlflowColumns.in(logged);
    boolean matrix = signature.inputs().size() == 1
        && signature.inputs().getFirst().shape().accepts(Shape.of(1, named.size()));
    boolean byName =
        named.stream().allMatch(column -> signature.input(column.name()).isPresent());
    return matrix || byName ? named : List.of();
  }

  /** What a folder holds. */
  public record Recognised(Engine engine, String format) {}
}
