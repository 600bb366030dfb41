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
import dev.slipway.serving.wire.FailureLog;
import dev.slipway.serving.wire.RequestMemory;
import dev.slipway.serving.wire.http.HttpDialect.Call;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Carries a request over HTTP from its first byte to its answer. Resources call it on the event loop. Parse, run and write
 * happen on a virtual thread, or at once on the event loop for small requests to versions that are known to be that fast.
 */
@Singleton
public class HttpPredict {
  private static final int INLINE_BODY = 16 << 10;
  private static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("Retry-After");
  private static final String RETRY_AFTER_SECONDS = "1";
  /** After the framework's own handlers of limits and metrics, before its resources. */
  private static final int ORDER = 0;

  private final Servables servables;
  private final Predictor predictor;
  private final TraceHeaders trace;
  private final RequestMemory memory;
  private final int maxBody;
  private final Duration bodyTimeout;
  private final ExecutorService virtual =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("infer-", 0).factory());

  HttpPredict(
      Servables servables,
      Predictor predictor,
      TraceHeaders trace,
      RequestMemory memory,
      PredictConfig config) {
    this.servables = servables;
    this.memory = memory;
    this.predictor = predictor;
    this.trace = trace;
    this.maxBody =
        Math.min(Math.toIntExact(config.maxBodySize().asLongValue()), memory.largestBody());
    this.bodyTimeout = config.bodyTimeout();
  }

  @PreDestroy
  void stop() {
    virtual.shutdown();
  }

  /** Which version a request's URL names. */
  @FunctionalInterface
  public interface Selection {
    VersionSelector of(RoutingContext context) throws InferenceException;
  }

  /**
   * Lets a route answer predictions. Its path names the model ({@code :model}); it answers POST, and 405 to the rest.
   *
   * <p>A route, not a resource method: between the connection and the model nothing else is wanted, and a resource's
   * dispatch, negotiation and response building cost more than a small model's run.
   */
  public void on(Route route, HttpDialect dialect, Selection selection) {
    on(route, dialect, context -> context.pathParam("model"), selection);
  }

  /** The same for a protocol's two paths: of the version that the query names, or live, and of the one that the path names. */
  public void on(Router router, String base, String verb, HttpDialect dialect) {
    on(router.route(base + "/:model" + verb), dialect, Selectors::query);
    on(router.route(base + "/:model/versions/:version" + verb), dialect, Selectors::segment);
  }

  /** The same for a path without the model's name. */
  public void on(
      Route route,
      HttpDialect dialect,
      Function<RoutingContext, String> model,
      Selection selection) {
    route.order(ORDER).handler(context -> {
      if (context.request().method().equals(HttpMethod.POST)) {
        answer(context, dialect, model.apply(context), selection);
      } else {
        refuse(context, dialect, notAllowed(context));
      }
    });
  }

  private static InferenceException notAllowed(RoutingContext context) {
    return new InferenceException(
        Kind.NOT_ALLOWED,
        "predictions are asked for by POST, not " + context.request().method());
  }

  /** Answers with an error in the dialect's form, and throws the body away. */
  public static void refuse(RoutingContext context, HttpDialect dialect, InferenceException error) {
    HttpHead head = HttpHead.of(context.request());
    Payload payload = dialect.error(error, head);
    HttpServerResponse response = context.response().setStatusCode(error.kind().httpStatus());
    if (error.kind() == Kind.NOT_ALLOWED) {
      response.putHeader(HttpHeaders.ALLOW, "POST");
    }
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, payload.contentType())
        .putHeader(HttpHead.REQUEST_ID, head.requestId())
        .end(Buffer.buffer(payload.body()));
    context.request().resume();
  }

  /** Answers the request in the dialect's form, whatever happens. */
  private void answer(
      RoutingContext context, HttpDialect dialect, String model, Selection selection) {
    var exchange = new Exchange(context, dialect, model, selection);
    BodyReader.read(
        context.request(), exchange.head, maxBody, bodyTimeout, memory.share(), exchange::received);
  }

  /** One request on its way. */
  private final class Exchange {
    private final RoutingContext context;
    private final HttpHead head;
    private final HttpDialect dialect;
    private final String model;
    private final Selection selection;
    private final RequestTraits traits;
    private final Context loop = Vertx.currentContext();
    private long started;

    Exchange(RoutingContext context, HttpDialect dialect, String model, Selection selection) {
      this.context = context;
      this.head = HttpHead.of(context.request());
      this.dialect = dialect;
      this.model = model;
      this.selection = selection;
      this.traits = new RequestTraits(context.request());
    }

    /** On the event loop. The version is chosen now, when all has come: a switch must not wait for a slow sender. */
    void received(Body body, InferenceException failure) {
      started = System.nanoTime();
      if (failure != null) {
        fail(null, failure);
        return;
      }
      ServableHandle handle;
      try {
        handle = acquire(body);
      } catch (NotServedException e) {
        body.close();
        fail(null, InferenceException.of(e));
        return;
      } catch (InferenceException | RuntimeException | Error e) {
        body.close();
        fail(null, problem(e));
        return;
      }
      start(handle, body);
    }

    private void start(ServableHandle handle, Body body) {
      try {
        boolean inline = body.length() <= INLINE_BODY
            && Encodings.isPlain(head)
            && predictor.mayRunInline(handle);
        if (!inline) {
          virtual.execute(() -> process(handle, body));
          return;
        }
      } catch (RuntimeException | Error e) {
        try (handle;
            body) {
          fail(handle, problem(e));
        }
        return;
      }
      process(handle, body);
    }

    private ServableHandle acquire(Body body) throws NotServedException, InferenceException {
      VersionSelector selected = selection.of(context);
      boolean named = !(selected instanceof VersionSelector.Live);
      ServableHandle handle =
          servables.acquire(model, named ? selected : new VersionSelector.Live(traits.with(body)));
      handle.calledBy(traits.caller(), named);
      return handle;
    }

    private void process(ServableHandle handle, Body packed) {
      try (handle;
          packed) {
        Body body = Encodings.unpack(head, packed, maxBody);
        Call call = dialect.parse(new HttpRequest(head, handle.loaded(), body));
        try (var request = call.request();
            InferenceResponse response = predictor.predict(handle, request)) {
          Payload payload = call.writer().write(response);
          predictor.answered(handle, dialect.protocol(), elapsed(), response);
          send(200, payload, handle, false);
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
      return InferenceException.of(
          failure, "the gateway failed on this request; its log has request " + head.requestId());
    }

    private void fail(ServableHandle handle, InferenceException error) {
      try {
        if (error.getCause() != null) {
          FailureLog.error(head.requestId(), model, handle, error.getCause());
        }
        answer(handle, error);
      } catch (RuntimeException | Error e) {
        // Not even the error can be said: the caller is not to wait for it.
        loop.runOnContext(_ -> context.response().reset());
        FailureLog.error(head.requestId(), model, handle, e);
      }
    }

    private void answer(ServableHandle handle, InferenceException error) {
      predictor.failed(handle, dialect.protocol(), elapsed(), error);
      send(
          error.kind().httpStatus(),
          dialect.error(error, head),
          handle,
          error.kind().isTransient());
    }

    private long elapsed() {
      return System.nanoTime() - started;
    }

    private void send(int status, Payload payload, ServableHandle handle, boolean again) {
      Payload packed = Encodings.pack(head, payload);
      if (Context.isOnEventLoopThread()) {
        write(status, packed, handle, again);
      } else {
        loop.runOnContext(_ -> write(status, packed, handle, again));
      }
    }

    private void write(int status, Payload payload, ServableHandle handle, boolean again) {
      HttpServerResponse response = context.response();
      if (response.ended() || response.closed()) {
        return;
      }
      MultiMap headers = response.setStatusCode(status).headers();
      headers.set(HttpHeaders.CONTENT_TYPE, payload.contentType());
      if (again) {
        headers.set(RETRY_AFTER, RETRY_AFTER_SECONDS);
      }
      payload.headers().forEach(headers::set);
      trace.put(headers::set, head, handle);
      response.end(Buffer.buffer(payload.body()));
    }
  }
}
