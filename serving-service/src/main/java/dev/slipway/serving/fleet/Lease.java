package dev.slipway.serving.fleet;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.serving.engine.LoadedModel;
import java.util.concurrent.atomic.AtomicBoolean;

/** One request's reference to a servable, with the settings that were in force when the request began. */
final class Lease implements ServableHandle {
  private final Servable servable;
  private final ServingSettings settings;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** The caller has taken the reference that this gives back. */
  Lease(Servable servable, ServingSettings settings) {
    this.servable = servable;
    this.settings = settings;
  }

  @Override
  public String model() {
    return servable.id().model();
  }

  @Override
  public int version() {
    return servable.id().version();
  }

  @Override
  public Digest digest() {
    return servable.id().digest();
  }

  @Override
  public LoadedModel loaded() {
    return servable.model();
  }

  @Override
  public ServingSettings settings() {
    return settings;
  }

  @Override
  public void record(long latencyNanos, boolean error, boolean nonFinite) {
    servable.stats().record(latencyNanos, error, nonFinite);
  }

  /** A second close does nothing: it must not take another request's reference. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      servable.release();
    }
  }
}
