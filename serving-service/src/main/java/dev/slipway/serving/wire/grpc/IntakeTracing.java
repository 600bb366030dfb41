package dev.slipway.serving.wire.grpc;

import dev.slipway.serving.wire.RequestMemory;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.quarkus.grpc.api.ServerBuilderCustomizer;
import io.quarkus.grpc.runtime.config.GrpcServerConfiguration;
import io.vertx.grpc.VertxServerBuilder;
import jakarta.enterprise.context.ApplicationScoped;

/** Gives each stream its {@link Intake}. A tracer, for nothing else sees the bytes of a message that is not whole. */
@ApplicationScoped
class IntakeTracing implements ServerBuilderCustomizer<VertxServerBuilder> {
  private final RequestMemory memory;

  IntakeTracing(RequestMemory memory) {
    this.memory = memory;
  }

  @Override
  public void customize(GrpcServerConfiguration config, VertxServerBuilder builder) {
    builder.addStreamTracerFactory(new ServerStreamTracer.Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new Intake(memory);
      }
    });
  }
}
