package dev.slipway.serving.fleet;

import dev.slipway.serving.engine.LoadedModel;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a servable is in its life: LOADING → WARMING → READY → DRAINING → CLOSED, and from loading or warming → FAILED. A move
 * that is not in this table does not compile.
 */
sealed interface ServableState {

  /** Why it does not answer, for people. */
  default String hindrance() {
    return switch (this) {
      case Loading loading -> "loading";
      case Warming warming -> "warming up";
      case Ready ready -> "ready";
      case Draining draining -> "unloading";
      case Closed closed -> "unloaded";
      case Failed failed -> failed.cause().message();
    };
  }

  /** Not READY yet, and the only states that can fail. */
  sealed interface OnItsWay extends ServableState {
    /** Counts from 1. */
    int attempt();

    default Failed failed(LoadFailure cause, Instant at, long feedSerial) {
      return new Failed(cause, attempt(), cause.retryAfter(attempt()).map(at::plus), feedSerial);
    }
  }

  /** Files are fetched and verified, the engine loads them. */
  record Loading(int attempt) implements OnItsWay {
    Warming loaded(LoadedModel model) {
      return new Warming(attempt, model);
    }
  }

  /** Made-up requests run through it. */
  record Warming(int attempt, LoadedModel model) implements OnItsWay {
    Ready warm(Duration loadTime) {
      return new Ready(model, loadTime);
    }
  }

  /** It answers. {@code loadTime} is fetch, verify, load and warm-up together. */
  record Ready(LoadedModel model, Duration loadTime) implements ServableState {
    Draining drain() {
      return new Draining(model);
    }
  }

  /** No route leads to it any more; requests that began on it end on it. */
  record Draining(LoadedModel model) implements ServableState {
    Closed close() {
      return new Closed();
    }
  }

  record Closed() implements ServableState {}

  /**
   * It cannot be loaded.
   *
   * @param retryAt when it is tried again by itself; empty when it is not
   * @param feedSerial which feed was in force, counted since the process started
   */
  record Failed(LoadFailure cause, int attempt, Optional<Instant> retryAt, long feedSerial)
      implements ServableState {
    Loading again() {
      return new Loading(attempt + 1);
    }
  }
}
