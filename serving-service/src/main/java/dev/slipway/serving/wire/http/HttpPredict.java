package dev.slipway.serving.wire.http;

import dev.slipway.serving.fleet.NotServedException;
import dev.slipway.serving.fleet.ServableHandle;
import dev.slipway.serving.fleet.Servables;
import dev.slipway.serving.fleet.VersionSelector;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceException.Kind;
import dev.slipway.serving.predict.InferenceResponse;
import dev.slipway.serving.predict.PredictConfig;
import dev.slipway.serving.predict.Predictor;
import dev.slipway.serving.wire.http.HttpDialect.Call;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Carries a request over HTTP from its first byte to its answer. Resources call it on the event loop. Parse, run and write
 * happen on a virtual thread, or at once on the event loop for small requests to versions that are known to be that fast.
 */
@Singleton
public class HttpPredict {
  private static final Logger LOG = Logger.getLogger(HttpPredict.class);
  private static final int INLINE_BODY = 16 << 10;
  private static final String RETRY_AFTER_SECONDS = "1";

  private final Servables servables;
  private final Predictor predictor;
  private final TraceHeaders trace;
  private final int maxBody;
  private final Duration bodyTimeout;
  private final ExecutorService virtual =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("infer-", 0).factory());

  HttpPredict(Servables servables, Predictor predictor, TraceHeaders trace, PredictConfig config) {
    this.servables = servables;
    this.predictor = predictor;
    this.trace = trace;
    this.maxBody = Math.toIntExact(config.maxBodySize().asLongValue());
    this.bodyTimeout = config.bodyTimeout();
  }

  @PreDestroy
  void stop() {
    virtual.shutdown();
  }

  /** Answers the request in the dialect's form, whatever happens. */
  public CompletionStage<Response> answer(
      HttpServerRequest request, HttpDialect dialect, String model, Selectors.Source selector) {
    var traits = new RequestTraits(request);
    var exchange = new Exchange(HttpHead.of(request), dialect, model, selector, traits);
    return BodyReader.read(request, exchange.head, maxBody, bodyTimeout)
        .handle(exchange::received)
        .thenCompose(Function.identity());
  }

  /** One request on its way. */
  private final class Exchange {
    private final HttpHead head;
    private final HttpDialect dialect;
    private final String model;
    private final Selectors.Source selector;
    private final RequestTraits traits;
    private final CompletableFuture<Response> answer = new CompletableFuture<>();
    private long started;

    Exchange(
        HttpHead head,
        HttpDialect dialect,
        String model,
        Selectors.Source selector,
        RequestTraits traits) {
      this.head = head;
      this.dialect = dialect;
      this.model = model;
      this.selector = selector;
      this.traits = traits;
    }

    /** On the event loop. The version is chosen now, when all has come: a switch must not wait for a slow sender. */
    CompletionStage<Response> received(Body body, Throwable failure) {
      started = System.nanoTime();
      if (failure != null) {
        return fail(null, problem(failure));
      }
      ServableHandle handle;
      try {
        handle = acquire(body);
      } catch (NotServedException e) {
        return fail(null, InferenceException.of(e));
      } catch (InferenceException | RuntimeException e) {
        return fail(null, problem(e));
      }
      if (body.length() <= INLINE_BODY
          && Encodings.isPlain(head)
          && predictor.mayRunInline(handle)) {
        process(handle, body);
      } else {
        virtual.execute(() -> process(handle, body));
      }
      return answer;
    }

    private ServableHandle acquire(Body body) throws NotServedException, InferenceException {
      VersionSelector selected = selector.select();
      boolean named = !(selected instanceof VersionSelector.Live);
      ServableHandle handle =
          servables.acquire(model, named ? selected : new VersionSelector.Live(traits.with(body)));
      handle.calledBy(traits.caller(), named);
      return handle;
    }

    private void process(ServableHandle handle, Body packed) {
      try (handle) {
        Body body = Encodings.unpack(head, packed, maxBody);
        Call call = dialect.parse(new HttpRequest(head, handle.loaded(), body));
        try (var request = call.request();
            InferenceResponse response = predictor.predict(handle, request)) {
          Payload payload = call.writer().write(response);
          predictor.answered(handle, dialect.protocol(), elapsed(), response);
          answer.complete(response(200, payload, handle));
        }
      } catch (InferenceException e) {
        fail(handle, e);
      } catch (RuntimeException | Error e) {
        fail(handle, problem(e));
      }
    }

    private InferenceException problem(Throwable failure) {
      if (failure instanceof InferenceException known) {
        return known;
      }
      LOG.errorf(failure, "request %s to model %s failed", head.requestId(), model);
      return new InferenceException(
          Kind.FAILED,
          "the gateway failed on this request; its log has request " + head.requestId());
    }

    private CompletionStage<Response> fail(ServableHandle handle, InferenceException error) {
      predictor.failed(handle, dialect.protocol(), elapsed(), error);
      answer.complete(
          response(error.kind().httpStatus(), dialect.error(error, head), handle, error));
      return answer;
    }

    private long elapsed() {
      return System.nanoTime() - started;
    }

    private Response response(int status, Payload payload, ServableHandle handle) {
      return builder(status, payload, handle).build();
    }

    private Response response(
        int status, Payload payload, ServableHandle handle, InferenceException error) {
      Response.ResponseBuilder builder = builder(status, payload, handle);
      if (error.kind().isTransient()) {
        builder.header("Retry-After", RETRY_AFTER_SECONDS);
      }
      return builder.build();
    }

    private Response.ResponseBuilder builder(int status, Payload payload, ServableHandle handle) {
      byte[] body = payload.body();
      Response.ResponseBuilder builder =
          Response.status(status).header("Content-Type", payload.contentType());
      if (Encodings.acceptsGzip(head, body.length)) {
        body = Encodings.gzip(body);
        builder.header("Content-Encoding", "gzip").header("Vary", "Accept-Encoding");
      }
      payload.headers().forEach(builder::header);
      trace.put(builder, head, handle);
      return builder.entity(body);
    }
  }
}
