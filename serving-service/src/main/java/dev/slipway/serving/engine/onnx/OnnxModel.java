package dev.slipway.serving.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.serving.engine.ClassScores;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.PredictException.Kind;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.engine.onnx.OnnxIo.Port;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/** One session, shared by all callers. */
final class OnnxModel implements LoadedModel {
  private static final Logger LOG = Logger.getLogger(OnnxModel.class);

  private final OnnxRuntimeAccess runtime;
  private final OrtSession session;
  private final RunWatch watch;
  private final OnnxIo io;
  private final ModelSignature signature;
  private final List<ClassScores> classScores;
  private final Map<String, Object> metadata;
  private final OutputPlan plan;

  OnnxModel(
      OnnxRuntimeAccess runtime,
      OrtSession session,
      RunWatch watch,
      OnnxIo io,
      Map<String, Object> metadata) {
    this.runtime = runtime;
    this.session = session;
    this.watch = watch;
    this.io = io;
    this.signature = io.signature();
    this.classScores = io.classScores();
    this.metadata = Map.copyOf(metadata);
    this.plan = new OutputPlan(io);
  }

  @Override
  public ModelSignature signature() {
    return signature;
  }

  @Override
  public List<ClassScores> classScores() {
    return classScores;
  }

  @Override
  public Map<String, Object> metadata() {
    return metadata;
  }

  @Override
  public Outputs predict(List<Tensor> inputs, Set<String> outputs, RunControl control)
      throws PredictException {
    if (control.deadlineNanos() != Long.MAX_VALUE
        && control.deadlineNanos() - System.nanoTime() <= 0) {
      throw new PredictException(Kind.DEADLINE, "the deadline passed before the run began");
    }
    List<Tensor> ordered = inOrder(inputs);
    requireSameNamedDimensions(ordered);
    try (OnnxFeeds feeds = OnnxFeeds.of(runtime, ordered)) {
      return run(feeds, ordered, outputs, control);
    } catch (OrtException e) {
      throw OnnxErrors.run(e, false);
    }
  }

  private Outputs run(OnnxFeeds feeds, List<Tensor> inputs, Set<String> wanted, RunControl control)
      throws PredictException, OrtException {
    if (!plan.isTrusted()) {
      OnnxAnswer answer = once(feeds, List.of(), wanted, inputs, control);
      plan.learn(inputs, answer.tensors());
      return answer;
    }
    try {
      return once(feeds, io.outputs(), wanted, inputs, control);
    } catch (PredictException e) {
      if (e.kind() == Kind.DEADLINE || e.kind() == Kind.NO_MEMORY) {
        throw e;
      }
      OnnxAnswer answer = once(feeds, List.of(), wanted, inputs, control);
      LOG.debugf(e, "outputs are no longer pinned: the declared output shapes did not hold");
      plan.distrust();
      return answer;
    }
  }

  private OnnxAnswer once(
      OnnxFeeds feeds,
      List<OnnxIo.Output> pinnable,
      Set<String> wanted,
      List<Tensor> inputs,
      RunControl control)
      throws PredictException, OrtException {
    try (RunWatch.Watched run = watch.start(control.deadlineNanos())) {
      var answer = new OnnxAnswer(runtime, io, wanted);
      try {
        for (OnnxIo.Output output : pinnable) {
          if (answer.isWanted(output)) {
            plan.shape(output.name(), inputs)
                .ifPresent(shape -> answer.pin((OnnxIo.Plain) output, shape));
          }
        }
        answer.take(session.run(feeds.map(), answer.requested(), answer.pinned(), run.options()));
        return answer;
      } catch (OrtException e) {
        answer.close();
        throw OnnxErrors.run(e, run.terminated());
      } catch (RuntimeException | Error e) {
        answer.close();
        throw e;
      }
    }
  }

  private List<Tensor> inOrder(List<Tensor> inputs) {
    if (inputs.size() == 1) {
      return inputs;
    }
    Map<String, Tensor> byName = HashMap.newHashMap(inputs.size());
    inputs.forEach(tensor -> byName.put(tensor.name(), tensor));
    return io.inputs().stream().map(port -> byName.get(port.name())).toList();
  }

  private void requireSameNamedDimensions(List<Tensor> inputs) throws PredictException {
    if (inputs.size() == 1) {
      return;
    }
    Map<String, String> seen = new HashMap<>();
    Map<String, Long> values = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      Port port = io.inputs().get(i);
      for (int d = 0; d < port.shape().rank(); d++) {
        String name = port.dimensionNames().get(d);
        long value = inputs.get(i).shape().dimension(d);
        Long before = name.isEmpty() ? null : values.putIfAbsent(name, value);
        if (before != null && before != value) {
          throw new PredictException(
              Kind.BAD_INPUT,
              "inputs '" + seen.get(name) + "' and '" + port.name()
                  + "' share the dimension '" + name + "', and have " + before + " and " + value
                  + " there");
        }
        seen.putIfAbsent(name, port.name());
      }
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      LOG.error("a session could not be closed", e);
    }
  }
}
