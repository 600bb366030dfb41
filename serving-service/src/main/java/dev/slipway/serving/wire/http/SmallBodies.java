package dev.slipway.serving.wire.http;

import dev.slipway.serving.predict.PredictConfig;
import dev.slipway.serving.wire.RequestMemory;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads the bodies of what is no prediction: a few words, within the time that any body has. */
@Singleton
public class SmallBodies {
  private static final int MAX_BYTES = 1 << 16;

  private final RequestMemory memory;
  private final Duration patience;

  SmallBodies(PredictConfig config, RequestMemory memory) {
    this.memory = memory;
    this.patience = config.bodyTimeout();
  }

  /**
   * To be called on the request's event loop.
   *
   * @return the body; fails with {@link dev.slipway.serving.predict.InferenceException} when it is too large or too slow
   */
  public CompletionStage<byte[]> read(HttpServerRequest request) {
    var read = new CompletableFuture<byte[]>();
    BodyReader.read(
        request, HttpHead.of(request), MAX_BYTES, patience, memory.share(), (body, failure) -> {
          if (failure != null) {
            read.completeExceptionally(failure);
            return;
          }
          try (body) {
            read.complete(Arrays.copyOf(body.array(), body.length()));
          }
        });
    return read;
  }
}
