package dev.slipway.launcher.stack;

import dev.slipway.launcher.UserFolder;
import dev.slipway.launcher.postgres.PostgresBinaries;
import dev.slipway.launcher.postgres.PostgresServer;
import dev.slipway.launcher.process.Child;
import dev.slipway.launcher.process.Leftovers;
import dev.slipway.launcher.process.Leftovers.Leftover;
import dev.slipway.launcher.process.Ports;
import dev.slipway.launcher.process.Readiness;
import dev.slipway.launcher.process.Stop;
import dev.slipway.launcher.stack.StackState.Phase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Owns the processes of one stack: starts them in order, keeps them running, says in the state file what is up, and ends them in
 * reverse order when it is told to end. It holds the stack's lock as long as it lives.
 */
public final class Supervisor {
  private static final Duration DATABASE_PATIENCE = Duration.ofSeconds(40);
  private static final Duration SERVICE_PATIENCE = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(100);

  private final StackFiles files;
  private final StackOptions options;
  private final Path home;
  private final Clock clock;
  private final Readiness readiness = new Readiness();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Phase phase = Phase.STARTING;
  private volatile String message = "";
  private PostgresServer postgres;
  private Child database;
  private Child registry;
  private Child serving;

  public Supervisor(StackFiles files, StackOptions options, Path home, Clock clock) {
    this.files = files;
    this.options = options;
    this.home = home;
    this.clock = clock;
  }

  /**
   * Runs the stack until the process is told to end.
   *
   * @return false when the stack could not be started; the state file says why
   */
  public boolean run() throws IOException, InterruptedException {
    StackLock lock = StackLock.tryTake(files.lock()).orElse(null);
    if (lock == null) {
      System.out.println("another supervisor holds " + files.lock());
      return false;
    }
    try (lock) {
      Leftovers.of(files.data(), files.database()).forEach(Leftover::end);
      Thread stopper = new Thread(this::stop, "stop");
      Runtime.getRuntime().addShutdownHook(stopper);
      try {
        start();
      } catch (StartFailure | IOException e) {
        if (phase == Phase.STOPPING) {
          stopper.join();
          return true;
        }
        phase = Phase.FAILED;
        message = e.getMessage();
        closeAll();
        tell();
        return false;
      }
      watch();
      stopper.join();
      return true;
    }
  }

  private void start() throws IOException, InterruptedException, StartFailure {
    tell("starting PostgreSQL");
    postgres = new PostgresServer(
        PostgresBinaries.in(UserFolder.CACHE.path()),
        files.database(),
        Ports.free(),
        Secrets.in(files.databasePassword()));
    postgres.prepare();
    database = new Child("postgres", () -> postgres.start(files.log("postgres")), Stop.POSTGRES);
    begin(database);
    await(database, postgres::ready, DATABASE_PATIENCE);
    StackServices services =
        new StackServices(files, options, home, postgres, Secrets.in(files.serviceToken()));
    Stop stop = options.training() ? Stop.TRAINED : Stop.SERVICE;
    registry = new Child("registry", () -> services.registry().start(files.log("registry")), stop);
    serving = new Child("serving", () -> services.serving().start(files.log("serving")), stop);
    begin(registry);
    begin(serving);
    tell("starting the registry");
    await(registry, () -> readiness.ready(registryUrl()), SERVICE_PATIENCE);
    tell("starting serving");
    await(serving, () -> readiness.ready(servingUrl()), SERVICE_PATIENCE);
    phase = Phase.READY;
    tell("ready");
  }

  /** Nothing starts any more once the stop has begun. */
  private synchronized void begin(Child child) throws IOException, StartFailure {
    if (phase == Phase.STOPPING) {
      throw new StartFailure("told to stop while starting");
    }
    child.start();
  }

  private void await(Child child, BooleanSupplier ready, Duration patience)
      throws InterruptedException, IOException, StartFailure {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!ready.getAsBoolean()) {
      // PostgreSQL may need a second try: the files of a server that was just killed are held a
      // moment longer.
      if (phase == Phase.STOPPING) {
        throw new StartFailure("told to stop while starting");
      }
      boolean hopeless = child.firstEnd().isDone() && child != database;
      if (hopeless || System.nanoTime() > deadline) {
        String what = hopeless
            ? " ended with code " + child.firstEnd().join() + " while starting"
            : " was not ready within " + patience.toSeconds() + " s";
        throw new StartFailure(child.name() + what + "; the end of " + files.log(child.name())
            + ":\n" + LogTail.brief(files.log(child.name()), 15));
      }
      TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
    }
  }

  /** Keeps the state file true while children come and go. */
  private void watch() throws IOException, InterruptedException {
    List<StackState.Part> last = parts();
    while (!ended.await(200, TimeUnit.MILLISECONDS)) {
      List<StackState.Part> now = parts();
      if (!now.equals(last) && phase == Phase.READY) {
        tell();
        last = now;
      }
    }
  }

  private void stop() {
    if (phase != Phase.FAILED) {
      try {
        synchronized (this) {
          phase = Phase.STOPPING;
        }
        tell("stopping");
        closeAll();
        phase = Phase.STOPPED;
        tell("stopped");
      } catch (IOException e) {
        System.out.println("the state file cannot be written: " + e.getMessage());
      }
    }
    ended.countDown();
  }

  /** Serving first, so that it still has a registry to say goodbye to; the database last. */
  private void closeAll() {
    for (Child child : new Child[] {serving, registry, database}) {
      if (child != null) {
        child.close();
      }
    }
  }

  private void tell(String what) throws IOException {
    message = what;
    tell();
  }

  private synchronized void tell() throws IOException {
    new StackState(
            phase,
            message,
            clock.instant(),
            ProcessHandle.current().pid(),
            files.data().toString(),
            registryUrl().toString(),
            servingUrl().toString(),
            "127.0.0.1:" + options.grpcPort(),
            postgres == null ? null : postgres.jdbcUrl(),
            PostgresServer.USER,
            options.s3Url() == null
                ? files.objects().toString()
                : options.s3Url() + "/" + options.s3Bucket(),
            parts())
        .write(files);
  }

  private List<StackState.Part> parts() {
    if (registry == null || serving == null) {
      return database == null ? List.of() : List.of(part(database, postgres.port()));
    }
    return List.of(
        part(database, postgres.port()),
        part(registry, options.registryPort()),
        part(serving, options.servingPort()));
  }

  private static StackState.Part part(Child child, int port) {
    return new StackState.Part(
        child.name(), child.handle().map(ProcessHandle::pid).orElse(null), port, child.restarts());
  }

  private URI registryUrl() {
    return URI.create("http://127.0.0.1:" + options.registryPort());
  }

  private URI servingUrl() {
    return URI.create("http://127.0.0.1:" + options.servingPort());
  }

  /** A part of the stack did not come up. */
  private static final class StartFailure extends Exception {
    private static final long serialVersionUID = 1;

    StartFailure(String message) {
      super(message);
    }
  }
}
