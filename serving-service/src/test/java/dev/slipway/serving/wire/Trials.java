package dev.slipway.serving.wire;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.engine.onnx.OnnxModels;
import dev.slipway.serving.fleet.ServableHandle;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Models whose version 1 is live, and whose version 2 gets all the traffic on trial and fails in the way of the model's name. */
final class Trials {
  static final String PREFIX = "trial-";
  static final String FAILING = PREFIX + "failing";
  static final String HANGING = PREFIX + "hanging";
  static final String NARROW = PREFIX + "narrow";
  /** Its live version fails too. */
  static final String HOPELESS = PREFIX + "hopeless";

  static final Set<String> MODELS = Set.of(FAILING, HANGING, NARROW, HOPELESS);

  private final Map<String, Queue<String>> counted = new ConcurrentHashMap<>();

  static byte[] content(String key) {
    return key.equals(NARROW + "@2")
        ? OnnxModels.model()
            .input("X", DataType.FP32, "N", 3)
            .output("label", DataType.FP32, "N", 3)
            .node("Neg", "X", "label")
            .build()
        : FixtureModels.get("iris-logreg").content();
  }

  static LoadedModel spoilt(String key, LoadedModel model) {
    return switch (key) {
      case FAILING + "@2", HOPELESS + "@1", HOPELESS + "@2" ->
        new FailingModel(model, new NoClassDefFoundError("of the test"));
      case HANGING + "@2" -> new HangingModel(model);
      default -> model;
    };
  }

  /** What was counted against or for the version on trial, and forgets it. */
  List<String> take(String model) {
    Queue<String> taken = counted.remove(model);
    return taken == null ? List.of() : List.copyOf(taken);
  }

  ServableHandle begin(ServableHandle onTrial, Supplier<ServableHandle> live) {
    return new Trial(
        onTrial,
        live,
        counted.computeIfAbsent(onTrial.model(), _ -> new ConcurrentLinkedQueue<>()));
  }

  /** A version that has part of the traffic. */
  private record Trial(ServableHandle handle, Supplier<ServableHandle> live, Queue<String> counted)
      implements ServableHandle {
    @Override
    public String model() {
      return handle.model();
    }

    @Override
    public int version() {
      return handle.version();
    }

    @Override
    public Digest digest() {
      return handle.digest();
    }

    @Override
    public LoadedModel loaded() {
      return handle.loaded();
    }

    @Override
    public ServingSettings settings() {
      return handle.settings();
    }

    @Override
    public void record(long latencyNanos, boolean error, boolean nonFinite) {
      counted.add(error ? "failed" : "answered");
    }

    @Override
    public void refused() {
      counted.add("refused");
    }

    @Override
    public boolean isOnTrial() {
      return true;
    }

    @Override
    public ServableHandle standIn() {
      return live.get();
    }

    @Override
    public void close() {
      handle.close();
    }
  }

  /** Never comes to an end by itself. */
  private record HangingModel(LoadedModel model) implements LoadedModel {
    @Override
    public ModelSignature signature() {
      return model.signature();
    }

    @Override
    public Map<String, Object> metadata() {
      return model.metadata();
    }

    @Override
    public Outputs predict(List<Tensor> inputs, Set<String> outputs, RunControl control)
        throws PredictException {
      while (System.nanoTime() - control.deadlineNanos() < 0) {
        LockSupport.parkNanos(control.deadlineNanos() - System.nanoTime());
      }
      throw new PredictException(PredictException.Kind.DEADLINE, "it hung");
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
