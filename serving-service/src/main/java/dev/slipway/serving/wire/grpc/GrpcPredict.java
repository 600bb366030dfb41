package dev.slipway.serving.wire.grpc;

import dev.slipway.serving.fleet.NotServedException;
import dev.slipway.serving.fleet.ServableHandle;
import dev.slipway.serving.fleet.Servables;
import dev.slipway.serving.fleet.VersionSelector;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceResponse;
import dev.slipway.serving.predict.PredictConfig;
import dev.slipway.serving.predict.Predictor;
import dev.slipway.serving.predict.Prepared;
import dev.slipway.serving.predict.Protocol;
import dev.slipway.serving.wire.FailureLog;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;
import dev.slipway.serving.wire.grpc.proto.ModelInferResponse;
import dev.slipway.serving.wire.http.Selectors;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Consumer;

/** Carries one gRPC request to its answer. It blocks, and so is called on virtual threads. */
@ApplicationScoped
class GrpcPredict {
  private final Servables servables;
  private final Predictor predictor;
  private final long maxElements;
  private final boolean rawAlways;

  GrpcPredict(Servables servables, Predictor predictor, PredictConfig config) {
    this.servables = servables;
    this.predictor = predictor;
    this.maxElements = config.maxElements();
    this.rawAlways = config.grpcRawAnswers();
  }

  /**
   * @param headers the call's
   * @param answer gets the message, which must be sent before it returns
   */
  void infer(ModelInferRequest request, CallHeaders headers, Consumer<ModelInferResponse> answer)
      throws InferenceException {
    long started = System.nanoTime();
    ServableHandle handle;
    long timeoutMicros;
    try {
      timeoutMicros = headers.timeoutMicros();
      handle = acquire(request, headers);
    } catch (InferenceException | RuntimeException | Error e) {
      throw failed(request, headers, null, started, problem(e));
    }
    var call = new Call(request, headers, answer, started, timeoutMicros);
    InferenceException error = attempt(handle, call);
    if (error == null) {
      return;
    }
    ServableHandle live =
        predictor.standIn(handle, Protocol.OIP_GRPC, System.nanoTime() - started, error);
    if (live == null) {
      throw failed(request, headers, handle, started, error);
    }
    FailureLog.causeOf(error, headers.requestId(), request.getModelName(), handle);
    error = attempt(live, call);
    if (error != null) {
      throw failed(request, headers, live, started, error);
    }
  }

  /** A request, what came with it, and who hears its answer. */
  private record Call(
      ModelInferRequest message,
      CallHeaders headers,
      Consumer<ModelInferResponse> answer,
      long started,
      long timeoutMicros) {}

  /** Asks the version and closes it; what went wrong, or null when its answer was given. */
  private InferenceException attempt(ServableHandle version, Call call) {
    try (version) {
      run(version, call);
      return null;
    } catch (InferenceException | RuntimeException | Error e) {
      return problem(e);
    }
  }

  private static InferenceException problem(Throwable failure) {
    return failure instanceof InferenceException known
        ? known
        : InferenceException.of(failure, "the gateway failed on this request");
  }

  private InferenceException failed(
      ModelInferRequest request,
      CallHeaders headers,
      ServableHandle reached,
      long started,
      InferenceException error) {
    FailureLog.causeOf(error, headers.requestId(), request.getModelName(), reached);
    predictor.failed(reached, Protocol.OIP_GRPC, System.nanoTime() - started, error);
    return error;
  }

  private ServableHandle acquire(ModelInferRequest request, CallHeaders headers)
      throws InferenceException {
    try {
      var selected = Selectors.segment(request.getModelVersion());
      boolean named = !(selected instanceof VersionSelector.Live);
      ServableHandle handle = servables.acquire(
          request.getModelName(),
          named ? selected : new VersionSelector.Live(new CallTraits(headers, request)));
      handle.calledBy(headers.caller(), named);
      return handle;
    } catch (NotServedException e) {
      throw InferenceException.of(e);
    }
  }

  private void run(ServableHandle handle, Call call) throws InferenceException {
    ModelInferRequest message = call.message();
    long taken = System.nanoTime();
    var reader = new GrpcRequestReader(handle.loaded().signature(), maxElements);
    try (var request = reader.read(message, call.timeoutMicros());
        Prepared prepared = predictor.prepare(handle, request, call.started(), taken);
        InferenceResponse response = predictor.run(prepared)) {
      long ran = System.nanoTime();
      boolean raw = rawAlways || !GrpcTensors.isTyped(message);
      call.answer().accept(GrpcResponseWriter.write(response, raw));
      long written = System.nanoTime();
      predictor.answered(
          prepared, Protocol.OIP_GRPC, written - call.started(), written - ran, response);
    }
  }
}
