package dev.slipway.launcher.stack;

import dev.slipway.launcher.CommandFailure;
import dev.slipway.launcher.postgres.PostgresServer;
import java.nio.file.Path;
import java.util.Optional;

/** The settings of the two services of one stack. */
final class StackServices {
  private final StackFiles files;
  private final StackOptions options;
  private final Path home;
  private final PostgresServer postgres;
  private final String token;

  StackServices(
      StackFiles files, StackOptions options, Path home, PostgresServer postgres, String token) {
    this.files = files;
    this.options = options;
    this.home = home;
    this.postgres = postgres;
    this.token = token;
  }

  ServiceCommand registry() {
    return withStore(new ServiceCommand(home, "registry-service", files.data()))
        .withJvm("-Xmx512m")
        .with("quarkus.http.port", options.registryPort())
        .with("quarkus.datasource.jdbc.url", postgres.jdbcUrl())
        .with("quarkus.datasource.username", PostgresServer.USER)
        .withSecret("QUARKUS_DATASOURCE_PASSWORD", postgres.password())
        .with("slipway.policy.default", options.policy())
        .with("slipway.access.seed", options.accessSeed())
        .with("slipway.local-stack", true)
        .with("slipway.audit.key-file", files.auditKey())
        .with("slipway.webhooks.allow-insecure", true)
        .withJvmOf("SLIPWAY_REGISTRY_JAVA_OPTS");
  }

  ServiceCommand serving() {
    return withStore(new ServiceCommand(home, "serving-service", files.data()))
        .withJvm("-Xmx512m")
        .with("quarkus.http.port", options.servingPort())
        .with("quarkus.grpc.server.host", "127.0.0.1")
        .with("quarkus.grpc.server.port", options.grpcPort())
        .with("slipway.registry.url", "http://127.0.0.1:" + options.registryPort())
        .with("slipway.serving.url", "http://127.0.0.1:" + options.servingPort())
        .with("slipway.serving.data-dir", files.serving())
        .withJvmOf("SLIPWAY_SERVING_JAVA_OPTS");
  }

  private ServiceCommand withStore(ServiceCommand command) {
    command.withSecret("SLIPWAY_SERVICE_TOKEN", token);
    if (options.training()) {
      command.training();
    }
    if (options.s3Url() == null) {
      return command
          .with("slipway.store.kind", "directory")
          .with("slipway.store.directory", files.objects());
    }
    return command
        .with("slipway.store.kind", "s3")
        .with("slipway.store.s3.url", options.s3Url())
        .with("slipway.store.s3.bucket", options.s3Bucket())
        .withSecret("SLIPWAY_STORE_S3_ACCESS_KEY", accessKey())
        .withSecret("SLIPWAY_STORE_S3_SECRET_KEY", secretKey());
  }

  private static String key(String ours, String theirs) {
    return Optional.ofNullable(System.getenv(ours))
        .or(() -> Optional.ofNullable(System.getenv(theirs)))
        .orElseThrow(() -> CommandFailure.usage(
            "the S3 endpoint needs keys, and they come only from the environment: set " + ours
                + " or " + theirs));
  }

  /** @throws CommandFailure when an S3 endpoint is named and its keys are not in the environment */
  static void requireKeys(StackOptions options) {
    if (options.s3Url() != null) {
      accessKey();
      secretKey();
    }
  }

  private static String accessKey() {
    return key("SLIPWAY_S3_ACCESS_KEY", "AWS_ACCESS_KEY_ID");
  }

  private static String secretKey() {
    return key("SLIPWAY_S3_SECRET_KEY", "AWS_SECRET_ACCESS_KEY");
  }
}
