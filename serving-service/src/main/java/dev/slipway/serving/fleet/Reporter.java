package dev.slipway.serving.fleet;

import dev.slipway.common.report.ReplicaReport;
import dev.slipway.serving.registry.RegistryClient;
import dev.slipway.serving.registry.RegistryException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Reports to the registry each second, and at once when there is news: in short, while the registry keeps what was said before. A
 * report that does not arrive is not repeated: the next says all.
 */
final class Reporter implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Reporter.class);
  private static final Duration EVERY = Duration.ofSeconds(1);
  /** News that comes in showers, as when hundreds of models load, is told together. */
  private static final Duration GAP = Duration.ofMillis(10);

  private final RegistryClient registry;
  private final Supplier<ReplicaReport> report;
  private final RegistryContact contact;
  private final Clock clock;
  private final BlockingQueue<Boolean> news = new ArrayBlockingQueue<>(1);
  private final Thread thread = Thread.ofPlatform().daemon().name("report").unstarted(this::run);
  private final ReportList list = new ReportList();
  private boolean failing;
  private volatile boolean stopped;

  Reporter(
      RegistryClient registry,
      Supplier<ReplicaReport> report,
      RegistryContact contact,
      Clock clock) {
    this.registry = registry;
    this.report = report;
    this.contact = contact;
    this.clock = clock;
  }

  void start() {
    thread.start();
  }

  /** Reports now. Never blocks. */
  void now() {
    news.offer(true);
  }

  private void run() {
    while (!stopped) {
      try {
        news.poll(EVERY.toMillis(), TimeUnit.MILLISECONDS);
        send();
        contact.reportAnswered(clock.instant());
        failing = false;
        Thread.sleep(GAP);
      } catch (InterruptedException stopping) {
        return;
      } catch (RegistryException | RuntimeException | Error failed) {
        if (!failing) {
          LOG.warnf("Reports do not arrive: %s", failed.getMessage());
        }
        failing = true;
        if (!pause()) {
          return;
        }
      }
    }
  }

  private void send() throws RegistryException, InterruptedException {
    ReplicaReport whole = report.get();
    try {
      boolean inShort = say(whole);
      if (inShort && !list.isKept()) {
        say(whole);
      }
    } catch (RegistryException | RuntimeException failed) {
      list.unanswered();
      throw failed;
    }
  }

  private boolean say(ReplicaReport whole) throws RegistryException, InterruptedException {
    ReplicaReport told = list.shorten(whole);
    list.answered(registry.report(told));
    return told.part() != null;
  }

  /** News alone must not make a registry that refuses reports a busy one. */
  private static boolean pause() {
    try {
      Thread.sleep(EVERY.dividedBy(4));
      return true;
    } catch (InterruptedException stopping) {
      return false;
    }
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
  }
}
