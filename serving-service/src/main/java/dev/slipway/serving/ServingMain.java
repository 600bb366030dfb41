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

/** Where the process begins: what must be said before Netty is first touched. */
@QuarkusMain
public final class ServingMain {

  /** @param arguments as Quarkus takes them */
  public static void main(String[] arguments) {
    OnnxEngine.prepareEarly();
    SlowHeads.switchOn();
    Quarkus.run(arguments);
  }

  void limitHeads(
      @Observes @Priority(1) StartupEvent starting,
      @ConfigProperty(name = "slipway.http.head-timeout", defaultValue = "10s") Duration limit) {
    SlowHeads.limit(limit);
  }
}
