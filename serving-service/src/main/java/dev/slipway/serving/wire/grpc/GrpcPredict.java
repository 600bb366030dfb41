package dev.slipway.serving.wire.grpc;

import dev.slipway.serving.fleet.NotServedException;
import dev.slipway.serving.fleet.ServableHandle;
import dev.slipway.serving.fleet.Servables;
import dev.slipway.serving.fleet.VersionSelector;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceResponse;
import dev.slipway.serving.predict.PredictConfig;
import dev.slipway.serving.predict.Predictor;
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

  GrpcPredict(Servables servables, Predictor predictor, PredictConfig config) {
    this.servables = servables;
    this.predictor = predictor;
    this.maxElements = config.maxElements();
  }

  /**
   * @param headers the call's
   * @param answer gets the message, which must be sent before it returns
   */
  void infer(ModelInferRequest request, CallHeaders headers, Consumer<ModelInferResponse> answer)
      throws InferenceException {
    long started = System.nanoTime();
    ServableHandle reached = null;
    try (ServableHandle handle = acquire(request, headers)) {
      reached = handle;
      run(handle, request, headers, started, answer);
    } catch (InferenceException e) {
      throw failed(request, headers, reached, started, e);
    } catch (RuntimeException | Error e) {
      InferenceException error = InferenceException.of(e, "the gateway failed on this request");
      throw failed(request, headers, reached, started, error);
    }
  }

  private InferenceException failed(
      ModelInferRequest request,
      CallHeaders headers,
      ServableHandle reached,
      long started,
      InferenceException error) {
    if (error.getCause() != null) {
      FailureLog.error(headers.requestId(), request.getModelName(), reached, error.getCause());
    }
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

  private void run(
      ServableHandle handle,
      ModelInferRequest message,
      CallHeaders headers,
      long started,
      Consumer<ModelInferResponse> answer)
      throws InferenceException {
    var reader = new GrpcRequestReader(handle.loaded().signature(), maxElements);
    try (var request = reader.read(message, headers.timeoutMicros());
        InferenceResponse response = predictor.predict(handle, request)) {
      boolean raw = message.getRawInputContentsCount() > 0;
      answer.accept(GrpcResponseWriter.write(response, raw));
      predictor.answered(handle, Protocol.OIP_GRPC, System.nanoTime() - started, response);
    }
  }
}
