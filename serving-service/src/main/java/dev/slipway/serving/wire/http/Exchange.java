package dev.slipway.serving.wire.http;

import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.fleet.NotServedException;
import dev.slipway.serving.fleet.ServableHandle;
import dev.slipway.serving.fleet.Servables;
import dev.slipway.serving.fleet.VersionSelector;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceRequest;
import dev.slipway.serving.predict.InferenceResponse;
import dev.slipway.serving.predict.LoopBatch;
import dev.slipway.serving.predict.Predictor;
import dev.slipway.serving.predict.Prepared;
import dev.slipway.serving.wire.FailureLog;
import dev.slipway.serving.wire.http.HttpDialect.Call;
import dev.slipway.serving.wire.http.HttpPredict.Selection;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Executor;

/** One request on its way: on its event loop, or on a virtual thread from the moment that it was handed to one. */
final class Exchange implements LoopBatch.Member {
  private static final int INLINE_BODY = 16 << 10;
  private static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("Retry-After");
  private static final String RETRY_AFTER_SECONDS = "1";

  private final Services services;
  private final RoutingContext context;
  private final HttpHead head;
  private final HttpDialect dialect;
  private final String model;
  private final Selection selection;
  private final RequestTraits traits;
  private final Context loop = Vertx.currentContext();
  private long started;

  // What it holds until it is answered.
  private ServableHandle handle;
  private Body body;
  private Call call;
  private Prepared prepared;

  /** What all requests share. */
  record Services(
      Servables servables,
      Predictor predictor,
      TraceHeaders trace,
      int maxBody,
      Executor virtual,
      LoopBatches batches) {}

  Exchange(
      Services services,
      RoutingContext context,
      HttpDialect dialect,
      String model,
      Selection selection) {
    this.services = services;
    this.context = context;
    this.head = HttpHead.of(context.request());
    this.dialect = dialect;
    this.model = model;
    this.selection = selection;
    this.traits = new RequestTraits(context.request());
  }

  HttpHead head() {
    return head;
  }

  /** On the event loop. The version is chosen now, when all has come: a switch must not wait for a slow sender. */
  void received(Body received, InferenceException failure) {
    started = System.nanoTime();
    if (failure != null) {
      failed(failure);
      return;
    }
    body = received;
    try {
      acquire();
      start();
    } catch (NotServedException e) {
      failed(InferenceException.of(e));
    } catch (InferenceException | RuntimeException | Error e) {
      failed(problem(e));
    }
  }

  private void acquire() throws NotServedException, InferenceException {
    VersionSelector selected = selection.of(context);
    boolean named = !(selected instanceof VersionSelector.Live);
    handle = services
        .servables()
        .acquire(model, named ? selected : new VersionSelector.Live(traits.with(body)));
    handle.calledBy(traits.caller(), named);
  }

  private void start() throws InferenceException {
    boolean inline = body.length() <= INLINE_BODY
        && Encodings.isPlain(head)
        && services.predictor().mayRunInline(handle);
    if (!inline) {
      services.virtual().execute(this::process);
    } else if (services.predictor().runsTogether(handle)) {
      read();
      services.batches().on(loop).add(this);
    } else {
      process();
    }
  }

  private void read() throws InferenceException {
    long taken = System.nanoTime();
    Body unpacked = Encodings.unpack(head, body, services.maxBody());
    call = dialect.parse(new HttpRequest(head, handle.loaded(), unpacked));
    prepared = services.predictor().prepare(handle, call.request(), started, taken);
  }

  private void process() {
    InferenceResponse response;
    try {
      if (prepared == null) {
        read();
      }
      response = services.predictor().run(prepared);
    } catch (InferenceException | RuntimeException | Error e) {
      failed(problem(e));
      return;
    }
    answer(response);
  }

  @Override
  public Prepared prepared() {
    return prepared;
  }

  @Override
  public void answered(LoadedModel.Outputs part) {
    InferenceResponse response;
    try {
      response = prepared.answer(part);
    } catch (RuntimeException | Error e) {
      failed(problem(e));
      return;
    }
    answer(response);
  }

  /** On the event loop still, if there is room: nothing waits there. */
  @Override
  public void alone() {
    try {
      if (!services.predictor().mayRunInline(handle)) {
        services.virtual().execute(this::process);
        return;
      }
    } catch (RuntimeException | Error e) {
      failed(problem(e));
      return;
    }
    process();
  }

  private void answer(InferenceResponse response) {
    try (response) {
      long ran = elapsed();
      Payload payload = call.writer().write(response);
      long written = elapsed();
      services.predictor().answered(prepared, dialect.protocol(), written, written - ran, response);
      send(200, payload, false);
    } catch (InferenceException | RuntimeException | Error e) {
      failed(problem(e));
      return;
    }
    release(body);
  }

  private InferenceException problem(Throwable failure) {
    if (failure instanceof InferenceException known) {
      return known;
    }
    return InferenceException.of(
        failure, "the gateway failed on this request; its log has request " + head.requestId());
  }

  private void failed(InferenceException error) {
    if (handle != null && handle.isOnTrial() && isTakenOver(error)) {
      return;
    }
    try {
      FailureLog.causeOf(error, head.requestId(), model, handle);
      services.predictor().failed(handle, dialect.protocol(), elapsed(), error);
      send(error.kind().httpStatus(), dialect.error(error, head), error.kind().isTransient());
    } catch (RuntimeException | Error e) {
      // Not even the error can be said: the caller is not to wait for it.
      loop.runOnContext(_ -> context.response().reset());
      FailureLog.error(head.requestId(), model, handle, e);
    } finally {
      release(body);
    }
  }

  /** The live version answers in the place of one that was on trial, in the time that is left. */
  private boolean isTakenOver(InferenceException error) {
    try {
      ServableHandle live =
          services.predictor().standIn(handle, dialect.protocol(), elapsed(), error);
      if (live == null) {
        return false;
      }
      FailureLog.causeOf(error, head.requestId(), model, handle);
      release(null);
      handle = live;
      call = null;
      prepared = null;
    } catch (RuntimeException | Error e) {
      FailureLog.error(head.requestId(), model, handle, e);
      return false;
    }
    if (Context.isOnEventLoopThread()) {
      startAgain();
    } else {
      process();
    }
    return true;
  }

  private void startAgain() {
    try {
      start();
    } catch (InferenceException | RuntimeException | Error e) {
      failed(problem(e));
    }
  }

  /** What was made last is given back first; at the end all of it, once. */
  private void release(Body bytes) {
    ServableHandle version = handle;
    InferenceRequest request = call == null ? null : call.request();
    Prepared made = prepared;
    try (version;
        bytes;
        request;
        made) {
      // Nothing is left to do with them.
    }
  }

  private long elapsed() {
    return System.nanoTime() - started;
  }

  private void send(int status, Payload payload, boolean again) {
    Payload packed = Encodings.pack(head, payload);
    if (Context.isOnEventLoopThread()) {
      write(status, packed, again);
    } else {
      loop.runOnContext(_ -> write(status, packed, again));
    }
  }

  private void write(int status, Payload payload, boolean again) {
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
    services.trace().put(headers::set, head, handle);
    response.end(Buffer.buffer(payload.body()));
  }
}
