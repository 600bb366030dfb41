package dev.slipway.serving;

import dev.slipway.common.connection.SlowHeads;
import dev.slipway.serving.engine.onnx.OnnxEngine;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where the process begins: what must be said before Netty or a virtual thread is first touched. */
@QuarkusMain
public final class ServingMain {
  private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

  /** @param arguments as Quarkus takes them */
  public static void main(String[] arguments) {
    moreCarriers();
    OnnxEngine.prepareEarly();
    SlowHeads.switchOn();
    Quarkus.run(arguments);
  }

  /**
   * Native runs and long answers keep a carrier thread, and each carrier serves one event loop's requests for as long as more come: with as many
   * carriers as processors half of the callers sometimes waited for seconds.
   */
  private static void moreCarriers() {
    if (System.getProperty(CARRIERS) == null) {
      System.setProperty(
          CARRIERS, Integer.toString(2 * Runtime.getRuntime().availableProcessors()));
    }
  }

  void limitHeads(
      @Observes @Priority(1) StartupEvent starting,
      @ConfigProperty(name = "slipway.http.head-timeout", defaultValue = "10s") Duration limit) {
    SlowHeads.limit(limit);
  }
}
