package dev.slipway.serving.wire.http;

import dev.slipway.serving.predict.PredictConfig;
import dev.slipway.serving.wire.RequestMemory;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@code POST /bench/constant}: takes a body as predictions do, and answers always the same. It is the limit that
 * {@code slipway drill bench} measures predictions against; not there unless {@code slipway.serving.predict.bench-constant=true}.
 */
@Path("/bench/constant")
@Consumes(MediaType.WILDCARD)
@NonBlocking
public class ConstantResource {
  private static final int MAX_BYTES = 1 << 16;

  private final PredictConfig config;
  private final RequestMemory memory;

  ConstantResource(PredictConfig config, RequestMemory memory) {
    this.config = config;
    this.memory = memory;
  }

  @POST
  public CompletionStage<Response> answer(
      @QueryParam("bytes") @DefaultValue("100") int bytes, @Context HttpServerRequest request) {
    if (!config.benchConstant()) {
      throw new NotFoundException();
    }
    byte[] constant = new byte[Math.clamp(bytes, 0, MAX_BYTES)];
    Arrays.fill(constant, (byte) '0');
    int limit = Math.toIntExact(config.maxBodySize().asLongValue());
    var answer = new CompletableFuture<Response>();
    BodyReader.read(
        request, HttpHead.of(request), limit, config.bodyTimeout(), memory.share(), (body, _) -> {
          if (body != null) {
            body.close();
          }
          answer.complete(Response.ok(constant)
              .header("Content-Type", MediaType.APPLICATION_JSON)
              .build());
        });
    return answer;
  }
}
