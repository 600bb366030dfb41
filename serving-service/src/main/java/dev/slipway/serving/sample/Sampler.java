package dev.slipway.serving.sample;

import dev.slipway.serving.engine.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Keeps some of the requests that a model's live version answered, where the model's settings say so: at most ten a second and
 * model, off the request's path, and none that finds no room in the queue. What is switched off is deleted.
 */
public final class Sampler implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Sampler.class);
  private static final long SPACING = Duration.ofMillis(100).toNanos();
  private static final int PLACES = 16;

  private final Path root;
  private final BlockingQueue<Runnable> work = new ArrayBlockingQueue<>(PLACES);
  private final Map<String, Turn> turns = new ConcurrentHashMap<>();
  private final Thread thread = Thread.ofPlatform().daemon().name("samples").unstarted(this::run);
  private final AtomicBoolean first = new AtomicBoolean(true);
  private final AtomicBoolean unswept = new AtomicBoolean();
  /** The models whose ring is not empty. */
  private final Set<String> held = ConcurrentHashMap.newKeySet();

  private volatile Map<String, Integer> wanted = Map.of();
  private volatile boolean stopped;

  /** @param root of the rings, on this replica's disk */
  public Sampler(Path root) {
    this.root = root;
  }

  /** When a model's last request was kept, and how many were. */
  private record Turn(AtomicLong last, AtomicInteger count) {
    boolean isDue(long now) {
      long before = last.get();
      return now - before >= SPACING && last.compareAndSet(before, now);
    }
  }

  public void start() {
    thread.start();
  }

  /** What is to be kept from now on, by model; a model that is not named keeps nothing, and what it kept is deleted. */
  public void keep(Map<String, Integer> sizes) {
    if (!sizes.equals(wanted) || first.compareAndSet(true, false)) {
      wanted = Map.copyOf(sizes);
      unswept.set(true);
    }
  }

  /** Whether a request of the model is on this disk. */
  public boolean holdsSome(String model) {
    return held.contains(model);
  }

  /** Keeps the request if it is its turn. Copies what it keeps; never blocks. */
  public void offer(String model, List<Tensor> inputs) {
    Integer size = wanted.get(model);
    if (size == null
        || size <= 0
        || !turns
            .computeIfAbsent(
                model,
                any -> new Turn(new AtomicLong(System.nanoTime() - SPACING), new AtomicInteger()))
            .isDue(System.nanoTime())
        || inputs.stream().mapToLong(input -> input.data().remaining()).sum()
            > SampleRing.MAX_BYTES) {
      return;
    }
    List<Tensor> copies = inputs.stream().map(Sampler::copy).toList();
    work.offer(() -> put(model, size, copies));
  }

  private void put(String model, int size, List<Tensor> inputs) {
    if (!wanted.containsKey(model)) {
      return;
    }
    int place = Math.floorMod(turns.get(model).count().getAndIncrement(), size);
    try {
      SampleRing.of(root, model).put(place, inputs);
      held.add(model);
    } catch (IOException full) {
      LOG.warnf("A request of %s could not be kept: %s", model, full.getMessage());
    }
  }

  /** Of models that keep less now, or nothing. */
  private void sweep() {
    Map<String, Integer> sizes = wanted;
    Set<Path> kept = sizes.keySet().stream()
        .map(model -> SampleRing.of(root, model).folder())
        .collect(Collectors.toSet());
    try {
      held.retainAll(sizes.keySet());
      for (var one : sizes.entrySet()) {
        SampleRing ring = SampleRing.of(root, one.getKey());
        ring.cut(one.getValue());
        if (Files.isDirectory(ring.folder())) {
          held.add(one.getKey());
        }
      }
      if (Files.isDirectory(root)) {
        try (var rings = Files.list(root)) {
          for (Path ring : rings.filter(Files::isDirectory).toList()) {
            if (!kept.contains(ring)) {
              SampleRing.at(ring).cut(0);
            }
          }
        }
      }
    } catch (IOException failed) {
      unswept.set(true);
      LOG.warnf("Kept requests could not be deleted, trying again: %s", failed.getMessage());
    }
  }

  private void run() {
    while (!stopped) {
      try {
        Runnable next = work.poll(1, TimeUnit.SECONDS);
        if (unswept.compareAndSet(true, false)) {
          sweep();
        }
        if (next != null) {
          next.run();
        }
      } catch (InterruptedException stopping) {
        return;
      } catch (RuntimeException | Error unexpected) {
        // An Error too: without this thread nothing would be kept, or deleted, until a restart.
        LOG.error("A request could not be kept", unexpected);
      }
    }
  }

  private static Tensor copy(Tensor tensor) {
    byte[] bytes = new byte[tensor.data().remaining()];
    tensor.data().get(tensor.data().position(), bytes);
    return new Tensor(
        tensor.name(),
        tensor.datatype(),
        tensor.shape(),
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
  }
}
