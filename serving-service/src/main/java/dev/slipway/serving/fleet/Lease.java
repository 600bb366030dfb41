package dev.slipway.serving.fleet;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.sample.Sampler;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** One request's reference to a servable, with the settings that were in force when the request began. */
final class Lease implements ServableHandle {
  private final Servable servable;
  private final ModelRoute route;
  private final Mirror mirror;
  private final Sampler sampler;
  /** The way to the live version for a request on trial; null for every other. */
  private final Supplier<ServableHandle> standIn;

  private final AtomicBoolean closed = new AtomicBoolean();

  /** The caller has taken the reference that this gives back. */
  Lease(
      Servable servable,
      ModelRoute route,
      Mirror mirror,
      Sampler sampler,
      Supplier<ServableHandle> standIn) {
    this.servable = servable;
    this.route = route;
    this.mirror = mirror;
    this.sampler = sampler;
    this.standIn = standIn;
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
    return route.settings();
  }

  @Override
  public void record(long latencyNanos, boolean error, boolean nonFinite) {
    servable.stats().record(latencyNanos, error, nonFinite);
  }

  @Override
  public void calledBy(String caller, boolean named) {
    servable.stats().callers().count(caller, named);
  }

  @Override
  public boolean isOnTrial() {
    return standIn != null;
  }

  @Override
  public ServableHandle standIn() {
    return standIn == null ? null : standIn.get();
  }

  @Override
  public void refused() {
    servable.stats().refused();
  }

  @Override
  public void compare(List<Tensor> inputs, Set<String> wanted, List<Tensor> answer) {
    if (route.settings().keepsRequests() && Objects.equals(route.live(), version())) {
      sampler.offer(model(), inputs);
    }
    if (route.isSplit()) {
      servable.stats().outputs().add(answer);
      Servable other = route.mirror(version());
      if (other != null) {
        mirror.offer(other, inputs, wanted, answer);
      }
    }
  }

  /** A second close does nothing: it must not take another request's reference. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      servable.release();
    }
  }
}
