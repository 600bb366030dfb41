package dev.slipway.serving.wire.http;

import dev.slipway.serving.fleet.Servables;
import dev.slipway.serving.fleet.VersionSelector;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceException.Kind;
import dev.slipway.serving.predict.PredictConfig;
import dev.slipway.serving.predict.Predictor;
import dev.slipway.serving.wire.RequestMemory;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
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
 * Carries requests over HTTP from their first byte to their answer. Parse, run and write happen on a virtual thread, or on the
 * event loop for small requests to versions that are known to be that fast.
 */
@Singleton
public class HttpPredict {
  /** After the framework's own handlers of limits and metrics, before its resources. */
  private static final int ORDER = 0;

  private final RequestMemory memory;
  private final Duration bodyTimeout;
  private final ExecutorService virtual =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("infer-", 0).factory());
  private final Exchange.Services services;

  HttpPredict(
      Servables servables,
      Predictor predictor,
      TraceHeaders trace,
      RequestMemory memory,
      PredictConfig config) {
    this.memory = memory;
    int maxBody =
        Math.min(Math.toIntExact(config.maxBodySize().asLongValue()), memory.largestBody());
    this.services = new Exchange.Services(
        servables, predictor, trace, maxBody, virtual, new LoopBatches(predictor));
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
    var exchange = new Exchange(services, context, dialect, model, selection);
    HttpServerRequest request = context.request();
    // All answers would be kept here for who sends one request behind the other and reads none.
    // HTTP/2 has so many streams and no more (quarkus.http.limits.max-concurrent-streams).
    if (request.version() != HttpVersion.HTTP_2 && context.response().writeQueueFull()) {
      request.pause();
      context.response().drainHandler(_ -> {
        // Once: this request's own answer may fill the queue too, and drain it.
        context.response().drainHandler(null);
        read(context, exchange);
      });
    } else {
      read(context, exchange);
    }
  }

  private void read(RoutingContext context, Exchange exchange) {
    BodyReader.read(
        context.request(),
        exchange.head(),
        services.maxBody(),
        bodyTimeout,
        memory.share(),
        exchange::received);
  }
}
