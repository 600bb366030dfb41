package dev.slipway.launcher;

import dev.slipway.launcher.stack.LocalStack;
import dev.slipway.launcher.stack.StackOptions;
import dev.slipway.launcher.stack.StackState;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "up",
    description = "Start a local stack on loopback, and return when it is ready.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Environment:",
      "  SLIPWAY_S3_ACCESS_KEY, SLIPWAY_S3_SECRET_KEY (else AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY): the keys of --s3",
      "  SLIPWAY_REGISTRY_JAVA_OPTS, SLIPWAY_SERVING_JAVA_OPTS: more options of a service's JVM, such as -Xmx2g"
    })
final class UpCommand implements Callable<Integer> {
  @Mixin
  private DataOption data;

  @Option(
      names = "--registry-port",
      defaultValue = "8080",
      paramLabel = "PORT",
      description = "Default: 8080.")
  private int registryPort;

  @Option(
      names = "--serving-port",
      defaultValue = "8081",
      paramLabel = "PORT",
      description = "Default: 8081.")
  private int servingPort;

  @Option(
      names = "--grpc-port",
      defaultValue = "8082",
      paramLabel = "PORT",
      description = "Default: 8082.")
  private int grpcPort;

  @Option(
      names = "--policy",
      defaultValue = "reviewed",
      paramLabel = "reviewed|open",
      description = "What a model without a policy of its own asks for. Default: reviewed.")
  private Policy policy;

  @Option(
      names = "--s3",
      paramLabel = "URL",
      description = "Keep the bytes in this S3 endpoint, not in a directory.")
  private String s3Url;

  @Option(
      names = "--s3-bucket",
      paramLabel = "NAME",
      description = "The bucket of --s3; it must exist.")
  private String s3Bucket;

  /** The modes of a policy. */
  enum Policy {
    reviewed,
    open
  }

  private static void say(String what) {
    System.err.println("  " + what);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if ((s3Url == null) != (s3Bucket == null)) {
      throw CommandFailure.usage("--s3 URL and --s3-bucket NAME belong together");
    }
    LocalStack stack = data.stack();
    new Training(DataOption.home(), UpCommand::say).ifNeeded();
    StackState state = stack.up(
        new StackOptions(
            registryPort,
            servingPort,
            grpcPort,
            policy.name(),
            s3Url,
            s3Bucket,
            StackOptions.PEOPLE,
            false),
        UpCommand::say);
    System.out.println("ready");
    StatusCommand.print(state);
    return 0;
  }
}
