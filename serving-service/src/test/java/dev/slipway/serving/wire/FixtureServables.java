package dev.slipway.serving.wire;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.stage.Stage;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.serving.engine.Engines;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.TrialRun;
import dev.slipway.serving.engine.booster.LightgbmEngine;
import dev.slipway.serving.engine.booster.XgboostEngine;
import dev.slipway.serving.engine.onnx.OnnxEngine;
import dev.slipway.serving.engine.onnx.OnnxModels;
import dev.slipway.serving.fleet.NotServedException;
import dev.slipway.serving.fleet.NotServedException.Reason;
import dev.slipway.serving.fleet.ServableHandle;
import dev.slipway.serving.fleet.Servables;
import dev.slipway.serving.fleet.VersionSelector;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Every ONNX fixture and {@link LoggedBoosters} as version 1 of a model of its name, really loaded, and some models made for the tests. {@code iris-logreg} has a version
 * 2 (the forest), which is in Staging and has the alias {@code next}.
 */
@Alternative
@ApplicationScoped
public class FixtureServables implements Servables {
  static final String UNICODE = "größe 🦊";
  static final String SLOW = "slow";
  static final String NO_MEMORY = "no-memory";
  static final String BROKEN = "broken";
  /** A {@link HeldModel}. */
  static final String HELD = "held";
  /** Gives as many zeros as it is asked for. */
  static final String FILLING = "filling";

  /** Takes nothing and gives [0.5, 2]. */
  static final String CONSTANT = "constant";

  static final String TINY_LIMITS = "tiny-limits";
  static final String NOT_FINITE = "not-finite";
  static final String NAMED_COLUMNS = "named-columns";
  static final String TYPED_COLUMNS = "typed-columns";
  static final String WITH_EXAMPLE = "with-example";
  static final String BOOSTER = "iris-lightgbm";
  static final String NOT_LOADED = "not-loaded";
  /** Warmed up, and with settings by which its requests may run together. */
  static final String TOGETHER = "together";

  /** As MLflow writes it, the signature's parts as JSON texts. */
  private static final String MLMODEL = """
      flavors:
        onnx: {data: model.onnx}
      signature:
        inputs: '[{"type": "double", "name": "sepal length", "required": true}, {"type":
          "double", "name": "sepal width", "required": true}, {"type": "double", "name":
          "petal length", "required": true}, {"type": "double", "name": "petal width", "required":
          true}]'
        outputs: null
      """;

  private static final String TYPED_MLMODEL = """
      flavors:
        onnx: {data: model.onnx}
      signature:
        inputs: '[{"type": "long", "name": "n", "required": true}, {"type": "double", "name": "x",
          "required": true}, {"type": "datetime", "name": "day", "required": true}, {"type":
          "boolean", "name": "ok", "required": true}, {"type": "binary", "name": "raw", "required":
          true}]'
        params: '[{"name": "limit", "default": 10, "shape": null, "type": "long"}, {"name": "share",
          "default": 0.5, "shape": null, "type": "double"}, {"name": "since", "default":
          "2026-01-01T00:00:00", "shape": null, "type": "datetime"}, {"name": "tags", "default": ["a"],
          "shape": [-1], "type": "string"}, {"name": "deep", "default": true, "shape": null, "type":
          "boolean"}]'
      """;

  /** The frame's columns stand in another order than the model's. */
  private static final String EXAMPLE = """
      {"dataframe_split": {"columns": ["petal width", "petal length", "sepal width", "sepal length"],
        "data": [[0.2, 1.4, 3.5, 5.1], [2, 5, 3, 6]]}}
      """;

  private final Engines engines =
      new Engines(List.of(new OnnxEngine(), new LightgbmEngine(), new XgboostEngine()));
  private final Map<String, LoadedModel> loaded = new ConcurrentHashMap<>();
  private final Set<String> names = new HashSet<>(FixtureModels.names("onnx"));
  private final Trials trials = new Trials();
  private final AtomicInteger open = new AtomicInteger();
  private volatile VersionSelector asked;
  private volatile String caller;

  FixtureServables() {
    names.addAll(List.of(
        UNICODE,
        SLOW,
        TINY_LIMITS,
        NOT_FINITE,
        NAMED_COLUMNS,
        TYPED_COLUMNS,
        WITH_EXAMPLE,
        BOOSTER,
        NO_MEMORY,
        TOGETHER,
        BROKEN,
        FILLING,
        CONSTANT,
        HELD));
    names.addAll(LoggedBoosters.names());
    names.addAll(SignedModels.names());
    names.addAll(Trials.MODELS);
  }

  /** What became of the versions on trial. */
  Trials trials() {
    return trials;
  }

  /** Handles that nobody has closed yet. */
  int open() {
    return open.get();
  }

  /** What the last request was told apart by. */
  VersionSelector.Traits traits() {
    return ((VersionSelector.Live) asked).traits();
  }

  /** Which version the last request named. */
  VersionSelector selector() {
    return asked;
  }

  /** Who sent the last request. */
  String caller() {
    return caller;
  }

  HeldModel held() {
    return (HeldModel) loaded.computeIfAbsent(HELD + "@1", this::load);
  }

  @Override
  public ServableHandle acquire(String model, VersionSelector selector) throws NotServedException {
    if (!names.contains(model)) {
      throw new NotServedException(
          Reason.UNKNOWN_MODEL, "Request for unknown model: '" + model + "' is not found");
    }
    if (Trials.MODELS.contains(model) && selector instanceof VersionSelector.Live) {
      return trials.begin(handle(model, 2), () -> handle(model, 1));
    }
    int version = version(selector);
    if (version != 1 && !(version == 2 && model.equals("iris-logreg"))) {
      throw new NotServedException(
          Reason.VERSION_NOT_SERVED, "model '" + model + "' has no version " + version + " here");
    }
    asked = selector;
    return handle(model, version);
  }

  private ServableHandle handle(String model, int version) {
    LoadedModel running = loaded.computeIfAbsent(model + "@" + version, this::load);
    open.incrementAndGet();
    return new Handle(model, version, running);
  }

  private static int version(VersionSelector selector) throws NotServedException {
    return switch (selector) {
      case VersionSelector.Live _ -> 1;
      case VersionSelector.Exact(int version) -> version;
      case VersionSelector.Alias(String alias) when alias.equals("next") -> 2;
      case VersionSelector.InStage(Stage stage) when stage == Stage.STAGING -> 2;
      case VersionSelector.InStage(Stage stage) when stage == Stage.PRODUCTION -> 1;
      default -> throw new NotServedException(Reason.VERSION_NOT_SERVED, "nothing at " + selector);
    };
  }

  private LoadedModel load(String key) {
    try {
      String name = key.substring(0, key.indexOf('@'));
      if (LoggedBoosters.names().contains(name)) {
        return engines.load(LoggedBoosters.folder(name), ServingSettings.defaults());
      }
      Path folder = Files.createTempDirectory("fixture");
      if (SignedModels.names().contains(name)) {
        SignedModels.write(name, folder);
        return engines.load(folder, ServingSettings.defaults());
      }
      if (key.startsWith(BOOSTER)) {
        FixtureModels.get(BOOSTER).copyTo(folder);
      } else {
        OnnxModels.write(folder, content(key));
      }
      if (key.startsWith(WITH_EXAMPLE)) {
        Files.writeString(
            folder.resolve("MLmodel"),
            MLMODEL + "saved_input_example_info: {serving_input_path: example.json}\n");
        Files.writeString(folder.resolve("example.json"), EXAMPLE);
      }
      if (key.startsWith(NAMED_COLUMNS)) {
        Files.writeString(folder.resolve("MLmodel"), MLMODEL);
      }
      if (key.startsWith(TYPED_COLUMNS)) {
        Files.writeString(folder.resolve("MLmodel"), TYPED_MLMODEL);
      }
      LoadedModel model = engines.load(folder, ServingSettings.defaults());
      return switch (key) {
        case NO_MEMORY + "@1" ->
          new FailingModel(model, new OutOfMemoryError("Cannot reserve direct buffer memory"));
        case HELD + "@1" -> new HeldModel(model);
        case BROKEN + "@1" -> new FailingModel(model, new NoClassDefFoundError("of the test"));
        case TOGETHER + "@1" -> warm(model);
        default -> Trials.spoilt(key, model);
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ModelLoadException e) {
      throw new IllegalStateException(e);
    }
  }

  private static LoadedModel warm(LoadedModel model) {
    TrialRun.run(model, 1).ifPresent(broken -> {
      throw new IllegalStateException(broken);
    });
    return model;
  }

  private static byte[] content(String key) {
    return switch (key) {
      case TOGETHER + "@1" -> FixtureModels.get("identity-fp32").content();
      case "iris-logreg@2" -> FixtureModels.get("iris-forest").content();
      case UNICODE + "@1",
          NAMED_COLUMNS + "@1",
          WITH_EXAMPLE + "@1",
          NO_MEMORY + "@1",
          BROKEN + "@1",
          HELD + "@1" -> FixtureModels.get("iris-logreg").content();
      case SLOW + "@1", TINY_LIMITS + "@1" -> OnnxModels.looping();
      case TYPED_COLUMNS + "@1" -> typedColumns();
      case FILLING + "@1" ->
        OnnxModels.model()
            .input("S", DataType.INT64, 1)
            .output("Y", DataType.FP32, "N")
            .node("ConstantOfShape", "S", "Y")
            .build();
      case CONSTANT + "@1" ->
        OnnxModels.model()
            .initializer("C", DataType.FP32, new long[] {2}, new byte[] {0, 0, 0, 63, 0, 0, 0, 64})
            .output("Y", DataType.FP32, 2)
            .node("Identity", "C", "Y")
            .build();
      case NOT_FINITE + "@1" ->
        OnnxModels.model()
            .input("X", DataType.FP32, "N")
            .output("Y", DataType.FP32, "N")
            .node("Log", "X", "Y")
            .build();
      default ->
        key.startsWith(Trials.PREFIX)
            ? Trials.content(key)
            : FixtureModels.get(key.substring(0, key.indexOf('@'))).content();
    };
  }

  /** Each input is an output too, under its name with a 2. */
  private static byte[] typedColumns() {
    var model = OnnxModels.model();
    Map<String, DataType> columns = new LinkedHashMap<>();
    columns.put("n", DataType.INT64);
    columns.put("x", DataType.FP64);
    columns.put("day", DataType.INT64);
    columns.put("ok", DataType.BOOL);
    columns.put("raw", DataType.BYTES);
    columns.forEach((name, type) -> model
        .input(name, type, "N")
        .output(name + "2", type, "N")
        .node("Identity", name, name + "2"));
    return model.build();
  }

  @Override
  public List<String> models() {
    return names.stream()
        .filter(name -> !List.of(NO_MEMORY, BROKEN, HELD).contains(name))
        .filter(name -> !Trials.MODELS.contains(name))
        .sorted()
        .toList();
  }

  @Override
  public List<Integer> versions(String model) {
    return !names.contains(model)
        ? List.of()
        : model.equals("iris-logreg") ? List.of(1, 2) : List.of(1);
  }

  /** One version more than those that are loaded. */
  @Override
  public List<Listed> index() {
    List<Listed> index = new ArrayList<>();
    for (String model : models()) {
      versions(model).forEach(version -> index.add(new Listed(model, version, null)));
    }
    index.add(new Listed(NOT_LOADED, 3, "its file was cut short"));
    return index;
  }

  @Override
  public long staleSeconds() {
    return -1;
  }

  private final class Handle implements ServableHandle {
    private final String model;
    private final int version;
    private final LoadedModel running;

    Handle(String model, int version, LoadedModel running) {
      this.model = model;
      this.version = version;
      this.running = running;
    }

    @Override
    public String model() {
      return model;
    }

    @Override
    public int version() {
      return version;
    }

    @Override
    public Digest digest() {
      return Digest.of((model + version).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public LoadedModel loaded() {
      return running;
    }

    @Override
    public ServingSettings settings() {
      return switch (model) {
        case TINY_LIMITS -> new ServingSettings(null, null, 1, 1, 2000, null, null, null, null);
        case TOGETHER -> new ServingSettings(null, null, null, null, null, 16, null, null, null);
        default -> ServingSettings.defaults();
      };
    }

    @Override
    public void record(long latencyNanos, boolean error, boolean nonFinite) {}

    @Override
    public void calledBy(String name, boolean named) {
      caller = name;
    }

    @Override
    public void close() {
      open.decrementAndGet();
    }
  }
}
