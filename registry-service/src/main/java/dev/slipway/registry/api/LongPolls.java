package dev.slipway.registry.api;

import dev.slipway.registry.release.Feeds;
import dev.slipway.registry.release.Jobs;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The requests that wait for news. When the registry stops they are answered that there is none, while there still is a server to
 * write the answer: left waiting, each would fail in the log after the rest is gone.
 */
@ApplicationScoped
class LongPolls {
  private static final int FIRST = 1;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Feeds feeds;
  private final Jobs jobs;

  /** A party for each request that is not answered yet, and one for ourselves. */
  private final Phaser unanswered = new Phaser(1);

  LongPolls(Feeds feeds, Jobs jobs) {
    this.feeds = feeds;
    this.jobs = jobs;
  }

  /** The request of this exchange may wait from now on. */
  void follow(RoutingContext exchange) {
    unanswered.register();
    exchange.addEndHandler(over -> unanswered.arriveAndDeregister());
  }

  /** Before the others that stop: they take the database and the notifications away. */
  void stop(@Observes @Priority(FIRST) ShutdownEvent stopping) throws InterruptedException {
    feeds.endWaiting();
    jobs.endWaiting();
    try {
      unanswered.awaitAdvanceInterruptibly(
          unanswered.arriveAndDeregister(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException someoneDoesNotRead) {
      // Their connections are closed with the server.
    }
  }
}
