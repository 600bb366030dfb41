package dev.slipway.serving.testing;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.engine.Engine;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An engine for files {@code model.echo}: the content says how the model behaves ("refuse ...", "overflow", "break", "picky", or a name). A
 * call after close, or a second close, is counted: tests require none.
 */
public final class EchoEngine implements Engine {
  public static final String FILE = "model.echo";

  public final AtomicInteger open = new AtomicInteger();
  public final AtomicInteger loads = new AtomicInteger();
  public final AtomicLong misuses = new AtomicLong();
  public final Set<String> closingThreads = ConcurrentHashMap.newKeySet();
  private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

  /** Holds up loads of models of that content until the latch is open. */
  public CountDownLatch hold(String content) {
    return gates.computeIfAbsent(content, ignored -> new CountDownLatch(1));
  }

  @Override
  public String name() {
    return "echo";
  }

  @Override
  public Optional<String> recognise(Path folder) {
    return Files.exists(folder.resolve(FILE)) ? Optional.of("echo") : Optional.empty();
  }

  @Override
  public LoadedModel load(Path folder, ServingSettings settings) throws ModelLoadException {
    loads.incrementAndGet();
    try {
      String content = Files.readString(folder.resolve(FILE));
      if (gates.containsKey(content)) {
        gates.get(content).await();
      }
      if (content.startsWith("refuse")) {
        throw new ModelLoadException("operator NoSuchOp is not known");
      }
      if (content.equals("overflow")) {
        throw new StackOverflowError("a test's");
      }
      open.incrementAndGet();
      return new Echo(content);
    } catch (IOException unreadable) {
      throw new ModelLoadException("unreadable", unreadable);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new ModelLoadException("interrupted", stopping);
    }
  }

  /** A loaded model; its content is its metadata's "content". */
  private final class Echo implements LoadedModel {
    private final String content;
    private volatile boolean closed;
    private final AtomicInteger running = new AtomicInteger();

    Echo(String content) {
      this.content = content;
    }

    @Override
    public ModelSignature signature() {
      var spec = new TensorSpec("x", DataType.FP32, Shape.of(-1, 4));
      return new ModelSignature(
          List.of(spec), List.of(new TensorSpec("y", DataType.FP32, Shape.of(-1, 4))));
    }

    @Override
    public Map<String, Object> metadata() {
      if (closed) {
        misuses.incrementAndGet();
      }
      return Map.of("content", content);
    }

    @Override
    public Outputs predict(List<Tensor> inputs, Set<String> outputs, RunControl control)
        throws PredictException {
      running.incrementAndGet();
      try {
        if (closed) {
          misuses.incrementAndGet();
        }
        return switch (content) {
          case "break" ->
            throw new PredictException(PredictException.Kind.FAILED, "the kernel broke");
          case "picky" ->
            throw new PredictException(PredictException.Kind.BAD_INPUT, "not this input");
          default -> new Result(inputs);
        };
      } finally {
        running.decrementAndGet();
      }
    }

    @Override
    public void close() {
      if (closed || running.get() > 0) {
        misuses.incrementAndGet();
      }
      closed = true;
      closingThreads.add(Thread.currentThread().getName());
      open.decrementAndGet();
    }
  }

  /** The inputs. */
  private record Result(List<Tensor> tensors) implements LoadedModel.Outputs {
    @Override
    public void close() {
      // Holds nothing.
    }
  }
}
