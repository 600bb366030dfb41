package dev.slipway.systemtests.cluster;

import dev.slipway.common.store.ObjectStores;
import dev.slipway.common.store.StoreSettings;
import dev.slipway.common.testing.TestMinio;
import dev.slipway.launcher.UserFolder;
import dev.slipway.launcher.postgres.Directories;
import dev.slipway.launcher.postgres.PostgresBinaries;
import dev.slipway.launcher.postgres.PostgresServer;
import dev.slipway.launcher.process.Ports;
import dev.slipway.launcher.process.Stop;
import dev.slipway.launcher.stack.ServiceCommand;
import dev.slipway.launcher.stack.StackOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Registries and gateways on one PostgreSQL and one object store, all of their own and all on loopback. Closing it ends every
 * process; should the virtual machine die first, {@link Reaper} does.
 */
public final class Cluster implements AutoCloseable {
  private static final String TOKEN = "token-of-the-system-tests";

  private final ClusterPlan plan;
  private final Path folder;
  private final TestMinio minio;
  private final String bucket = "slipway-" + UUID.randomUUID();
  private final PostgresServer database;
  private final Service postgres;
  /** Between the registries and PostgreSQL; null where the plan has none. */
  private final SlowLink link;

  private final List<Service> registries = new ArrayList<>();
  private final List<Service> servings = new ArrayList<>();
  private final List<Integer> grpcPorts = new ArrayList<>();

  private Cluster(ClusterPlan plan, Path folder) throws IOException {
    this.plan = plan;
    this.folder = folder;
    this.minio = plan.minio() ? startMinio() : null;
    this.database = new PostgresServer(
        PostgresBinaries.in(UserFolder.CACHE.path()),
        folder.resolve("postgres"),
        Ports.free(),
        "of-the-system-tests");
    this.postgres = new Service(
        "PostgreSQL",
        URI.create("postgresql://127.0.0.1:" + database.port()),
        folder.resolve("postgres.log"),
        Stop.POSTGRES,
        database::ready,
        database::start);
    this.link = plan.slowLink() ? new SlowLink(database.port()) : null;
  }

  /** Starts what the plan asks for, and returns when all of it is ready. */
  public static Cluster start(ClusterPlan plan) {
    plan.requirePackages();
    try {
      Cluster cluster = new Cluster(plan, Files.createTempDirectory("slipway-system-"));
      try {
        cluster.startAll();
        return cluster;
      } catch (RuntimeException | IOException e) {
        cluster.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void startAll() throws IOException, InterruptedException {
    if (minio != null) {
      ObjectStores.open(bucket().creating()).close();
    }
    database.prepare();
    postgres.start();
    for (int i = 0; i < plan.registries(); i++) {
      registries.add(registry(i));
    }
    for (int i = 0; i < plan.servings(); i++) {
      servings.add(serving(i));
    }
    // One registry migrates the database; the others find it done.
    registries.getFirst().launch().awaitReady();
    Stream.concat(registries.stream().skip(1), servings.stream()).forEach(Service::launch);
    Stream.concat(registries.stream().skip(1), servings.stream()).forEach(Service::awaitReady);
  }

  private static TestMinio startMinio() {
    TestMinio started = TestMinio.start();
    ProcessHandle.current().children().forEach(Reaper::watch);
    return started;
  }

  private Service registry(int index) {
    int port = Ports.free();
    ServiceCommand command = withStore(new ServiceCommand(plan.home(), "registry-service", folder))
        .withJvm("-Xmx" + plan.heap())
        .with("quarkus.http.port", port)
        .with("quarkus.datasource.jdbc.url", databaseUrl())
        .with("quarkus.datasource.username", PostgresServer.USER)
        .with("slipway.policy.default", "reviewed")
        .with("slipway.access.seed", StackOptions.PEOPLE)
        .with("slipway.audit.key-file", folder.resolve("audit-key"))
        .withSecret("QUARKUS_DATASOURCE_PASSWORD", database.password());
    plan.registrySettings().forEach(command::with);
    return Service.http(
        "registry " + index,
        URI.create("http://127.0.0.1:" + port),
        folder.resolve("registry-" + index + ".log"),
        command::start);
  }

  private Service serving(int index) {
    int port = Ports.free();
    grpcPorts.add(Ports.free());
    ServiceCommand command = withStore(new ServiceCommand(plan.home(), "serving-service", folder))
        .withJvm("-Xmx" + plan.heap())
        .with("quarkus.http.port", port)
        .with("quarkus.grpc.server.host", "127.0.0.1")
        .with("quarkus.grpc.server.port", grpcPorts.getLast())
        .with("slipway.registry.url", registries.getFirst().url())
        .with("slipway.serving.url", "http://127.0.0.1:" + port)
        .with("slipway.serving.replica", "gateway-" + index)
        .with("slipway.serving.data-dir", dataOf(index));
    plan.servingSettings().forEach(command::with);
    return Service.http(
        "serving " + index,
        URI.create("http://127.0.0.1:" + port),
        folder.resolve("serving-" + index + ".log"),
        command::start);
  }

  private ServiceCommand withStore(ServiceCommand command) {
    command.withSecret("SLIPWAY_SERVICE_TOKEN", TOKEN);
    if (minio == null) {
      return command
          .with("slipway.store.kind", "directory")
          .with("slipway.store.directory", objects());
    }
    return command
        .with("slipway.store.kind", "s3")
        .with("slipway.store.s3.url", minio.url())
        .with("slipway.store.s3.bucket", bucket)
        .with("slipway.store.s3.region", "us-east-1")
        .withSecret("SLIPWAY_STORE_S3_ACCESS_KEY", TestMinio.ACCESS_KEY)
        .withSecret("SLIPWAY_STORE_S3_SECRET_KEY", TestMinio.SECRET_KEY);
  }

  private String databaseUrl() {
    return link == null
        ? database.jdbcUrl()
        : database.jdbcUrl().replace(":" + database.port() + "/", ":" + link.port() + "/");
  }

  /** The way from the registries to PostgreSQL, of a plan that has a slow one. */
  public SlowLink link() {
    return link;
  }

  /** The registry API of the first registry. */
  public RegistryApi registry() {
    return new RegistryApi(registries.getFirst().url());
  }

  /** The API of the first gateway. */
  public ServingApi serving() {
    return new ServingApi(servings.getFirst().url());
  }

  /** Where the first gateway's gRPC listens, as host:port. */
  public String grpcAddress() {
    return "127.0.0.1:" + grpcPorts.getFirst();
  }

  public List<Service> registries() {
    return List.copyOf(registries);
  }

  /** Where a gateway keeps what is its own; {@code index} from 0. */
  public Path dataOf(int index) {
    return folder.resolve("serving-" + index);
  }

  public List<Service> servings() {
    return List.copyOf(servings);
  }

  public Service postgres() {
    return postgres;
  }

  public PostgresServer database() {
    return database;
  }

  public TestMinio minio() {
    return minio;
  }

  /** Settings of the bucket, for a client of the test's own. */
  public StoreSettings.S3 bucket() {
    return minio.settings(bucket);
  }

  /** Where the bytes are when there is no MinIO. */
  public Path objects() {
    return folder.resolve("objects");
  }

  public Path folder() {
    return folder;
  }

  @Override
  public void close() {
    servings.forEach(Cluster::end);
    registries.forEach(Cluster::end);
    end(postgres);
    if (link != null) {
      link.close();
    }
    if (minio != null) {
      minio.close();
    }
    registries.forEach(Service::tellErrors);
    servings.forEach(Service::tellErrors);
    delete(folder);
  }

  /** Postgres' own processes notice a moment later that it was killed, and write until then. */
  private static void delete(Path folder) {
    for (int attempt = 0; ; attempt++) {
      try {
        Directories.delete(folder);
        return;
      } catch (DirectoryNotEmptyException e) {
        if (attempt == 50) {
          throw new UncheckedIOException(e);
        }
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** At once: nothing here is worth a graceful end. */
  private static void end(Service service) {
    if (service.started()) {
      service.kill();
    }
  }
}
