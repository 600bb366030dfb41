package dev.slipway.serving.fleet;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.serving.cache.ArtifactCache;
import dev.slipway.serving.cache.ArtifactException;
import dev.slipway.serving.cache.CachedVersion;
import dev.slipway.serving.engine.Engines;
import dev.slipway.serving.engine.FirstTry;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.TrialRun;
import dev.slipway.serving.engine.UnservedFormat;
import dev.slipway.serving.fleet.DesiredState.Wanted;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jboss.logging.Logger;

/**
 * Does the slow work for the reconcile loop and tells it how it went. Loads and closes run on platform threads: inside a native
 * call a virtual thread would hold up the requests that share its carrier.
 */
final class Loader implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Loader.class);

  /** What a warm-up may take that the settings say nothing of. */
  private static final Duration WARM_UP = Duration.ofMillis(200);

  private final ArtifactCache cache;
  private final Engines engines;
  private final FirstTry firstTry;
  private final ExecutorService loads = platform("load-");
  private final ExecutorService closes = platform("close-");
  private final ExecutorService questions = Executors.newVirtualThreadPerTaskExecutor();

  Loader(ArtifactCache cache, Engines engines, FirstTry firstTry) {
    this.cache = cache;
    this.engines = engines;
    this.firstTry = firstTry;
  }

  /** Where a load has got to. Called on the loader's threads. */
  interface Progress {
    void loaded(Servable servable, LoadedModel model);

    void warm(Servable servable, Duration loadTime);

    void failed(Servable servable, LoadFailure cause);

    /** The load of a discarded servable has ended, and left nothing. */
    void thrownAway(Servable servable);
  }

  /** Asks how big a version's files are together, in bytes. */
  void measure(Digest digest, LongConsumer bytes, Consumer<LoadFailure> failed) {
    questions.execute(() -> {
      try {
        bytes.accept(cache.size(digest));
      } catch (ArtifactException away) {
        failed.accept(LoadFailure.of(away));
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException | Error unexpected) {
        LOG.errorf(unexpected, "Manifest of %s", digest);
        failed.accept(internal());
      }
    });
  }

  void load(Servable servable, Wanted wanted, Progress progress) {
    ServingSettings settings = wanted.settings();
    loads.execute(() -> {
      long start = System.nanoTime();
      LoadedModel model = null;
      Optional<LoadFailure> failure;
      try {
        CachedVersion files = cache.open(servable.id().digest());
        servable.holdFiles(files);
        if (wanted.untried()) {
          tryFirst(files);
        }
        if (!servable.isDiscarded()) {
          model = loadFiles(files, settings);
          progress.loaded(servable, model);
        }
        failure = servable.isDiscarded() ? Optional.empty() : warmUp(model, settings);
      } catch (ArtifactException failed) {
        failure = Optional.of(LoadFailure.of(failed));
      } catch (ModelLoadException refused) {
        failure = Optional.of(new LoadFailure(LoadFailure.Kind.NOT_SERVABLE, refused.getMessage()));
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
        failure = Optional.of(internal());
      } catch (RuntimeException | Error unexpected) {
        // Any Error, as of a stack that a nested file fills: a load nobody hears of never ends.
        LOG.errorf(unexpected, "Loading %s", servable.id());
        failure = Optional.of(internal());
      }
      finish(servable, model, failure, Duration.ofNanos(System.nanoTime() - start), progress);
    });
  }

  private void tryFirst(CachedVersion files) throws ModelLoadException, InterruptedException {
    Optional<String> objection = firstTry.objection(files.folder(), files.totalSize());
    if (objection.isPresent()) {
      throw new ModelLoadException(objection.get());
    }
  }

  private LoadedModel loadFiles(CachedVersion files, ServingSettings settings)
      throws ModelLoadException {
    if (engines.recognise(files.folder()).isEmpty()) {
      throw new ModelLoadException(UnservedFormat.explain(files.folder()));
    }
    return engines.load(files.folder(), settings);
  }

  private static Optional<LoadFailure> warmUp(LoadedModel model, ServingSettings settings) {
    Optional<String> fault = settings.warmupRequests() == null
        ? TrialRun.untilSteady(model, WARM_UP)
        : TrialRun.run(model, settings.warmupRequests());
    return fault.map(broke -> new LoadFailure(LoadFailure.Kind.NOT_SERVABLE, broke));
  }

  private static void finish(
      Servable servable,
      LoadedModel model,
      Optional<LoadFailure> failure,
      Duration took,
      Progress progress) {
    if (failure.isEmpty() && !servable.isDiscarded()) {
      progress.warm(servable, took);
      return;
    }
    dispose(servable, model);
    if (servable.isDiscarded()) {
      progress.thrownAway(servable);
    } else {
      progress.failed(servable, failure.orElseGet(Loader::internal));
    }
  }

  /** Closes a servable whose last reference is gone, off the thread that gave it back. */
  void close(Servable servable, Runnable whenClosed) {
    closes.execute(() -> {
      dispose(servable, servable.model());
      whenClosed.run();
    });
  }

  private static void dispose(Servable servable, LoadedModel model) {
    try {
      servable.dispose(model);
    } catch (RuntimeException | Error unexpected) {
      LOG.errorf(unexpected, "Closing %s", servable.id());
    }
  }

  @Override
  public void close() {
    questions.shutdownNow();
    loads.shutdownNow();
    closes.shutdown();
  }

  private static LoadFailure internal() {
    return new LoadFailure(
        LoadFailure.Kind.INTERNAL, "the load broke for a reason that is in this replica's log");
  }

  private static ExecutorService platform(String name) {
    return Executors.newThreadPerTaskExecutor(
        Thread.ofPlatform().daemon().name(name, 0).factory());
  }
}
