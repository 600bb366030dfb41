package dev.slipway.serving.wire.grpc;

import io.grpc.Codec;
import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import io.quarkus.grpc.api.ServerBuilderCustomizer;
import io.quarkus.grpc.runtime.config.GrpcServerConfiguration;
import io.vertx.grpc.VertxServerBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/**
 * Takes messages in gzip and in gRPC's {@code deflate} (the zlib format of RFC 1950), which the Java library leaves out and Triton's
 * client offers. They are unpacked when they are read, not when they come: that is on the event loop.
 */
@ApplicationScoped
class PackedMessages implements ServerBuilderCustomizer<VertxServerBuilder> {
  @Override
  public void customize(GrpcServerConfiguration config, VertxServerBuilder builder) {
    builder.decompressorRegistry(decompressors());
  }

  static DecompressorRegistry decompressors() {
    return DecompressorRegistry.emptyInstance()
        .with(later("gzip", GZIPInputStream::new), true)
        .with(Codec.Identity.NONE, false)
        .with(later("deflate", InflaterInputStream::new), true);
  }

  private static Decompressor later(String encoding, PackedMessage.Unpacking unpacking) {
    return new Decompressor() {
      @Override
      public String getMessageEncoding() {
        return encoding;
      }

      // Copied: the transport's own memory must be given back whether or not anybody reads the
      // message.
      @Override
      public InputStream decompress(InputStream packed) throws IOException {
        try (packed) {
          return new PackedMessage(unpacking, new ByteArrayInputStream(packed.readAllBytes()));
        }
      }
    };
  }
}
