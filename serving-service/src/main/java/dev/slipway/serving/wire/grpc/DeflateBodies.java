package dev.slipway.serving.wire.grpc;

import io.grpc.Codec;
import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import io.quarkus.grpc.api.ServerBuilderCustomizer;
import io.quarkus.grpc.runtime.config.GrpcServerConfiguration;
import io.vertx.grpc.VertxServerBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.InputStream;
import java.util.zip.InflaterInputStream;

/** Takes messages in gRPC's {@code deflate} (the zlib format of RFC 1950), which the Java library leaves out and Triton's client offers. */
@ApplicationScoped
class DeflateBodies implements ServerBuilderCustomizer<VertxServerBuilder> {
  private static final Decompressor DEFLATE = new Decompressor() {
    @Override
    public String getMessageEncoding() {
      return "deflate";
    }

    @Override
    public InputStream decompress(InputStream packed) {
      return new InflaterInputStream(packed);
    }
  };

  @Override
  public void customize(GrpcServerConfiguration config, VertxServerBuilder builder) {
    builder.decompressorRegistry(DecompressorRegistry.emptyInstance()
        .with(new Codec.Gzip(), true)
        .with(Codec.Identity.NONE, false)
        .with(DEFLATE, true));
  }
}
