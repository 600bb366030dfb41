package dev.slipway.serving.wire.grpc;

import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.wire.FailureLog;
import dev.slipway.serving.wire.grpc.proto.InferParameter;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;
import dev.slipway.serving.wire.grpc.proto.ModelInferResponse;
import dev.slipway.serving.wire.grpc.proto.ModelStreamInferResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;

/**
 * Triton's bidirectional stream. Requests are answered one after the other, in their order; the next is asked of the caller
 * when the one before is answered and its answer is on its way, so a stream never piles up: a caller who sends and does not read
 * would else fill the memory with answers. An error answers its request and does not end the stream.
 *
 * <p>Each request has one answer, which says that it is the last of its request, as Triton's do whether or not the caller sent
 * {@code triton_enable_empty_final_response}: that asks for a last answer without content where a model gives any number of them,
 * and no model here does. Triton leaves the mark out of an error that it finds before the run; here every answer has it.
 */
final class InferStream implements StreamObserver<ModelInferRequest> {
  private static final String FINAL = "triton_final_response";
  private static final InferParameter YES =
      InferParameter.newBuilder().setBoolParam(true).build();

  private final GrpcPredict predict;
  private final Executor executor;
  private final ServerCallStreamObserver<ModelStreamInferResponse> answers;
  private final CallHeaders headers;
  private final Intake intake = Intake.current();
  private boolean busy;
  private boolean halfClosed;
  /** All is answered, and the next request not asked for yet. */
  private boolean idle;

  InferStream(
      GrpcPredict predict,
      Executor executor,
      ServerCallStreamObserver<ModelStreamInferResponse> answers,
      CallHeaders headers) {
    this.predict = predict;
    this.executor = executor;
    this.answers = answers;
    this.headers = headers;
    // Without a handler, an answer to a caller who has gone would be an exception.
    answers.setOnCancelHandler(() -> {});
    answers.disableAutoRequest();
    answers.setOnReadyHandler(this::next);
    answers.request(1);
  }

  @Override
  public synchronized void onNext(ModelInferRequest request) {
    busy = true;
    intake.work(executor, () -> {
      try {
        answer(request);
      } catch (RuntimeException | Error e) {
        // Nothing can be said to this request: the stream ends, for its caller waits for an answer.
        FailureLog.error(headers.requestId(), request.getModelName(), null, e);
        answers.onError(GrpcErrors.of(InferenceException.of(e, "the gateway failed on a request")));
      }
    });
  }

  private void answer(ModelInferRequest request) {
    try {
      predict.infer(
          request,
          headers,
          response -> answers.onNext(ModelStreamInferResponse.newBuilder()
              .setInferResponse(response.toBuilder().putParameters(FINAL, YES))
              .build()));
    } catch (InferenceException e) {
      answers.onNext(ModelStreamInferResponse.newBuilder()
          .setErrorMessage(e.getMessage())
          .setInferResponse(ModelInferResponse.newBuilder()
              .setId(request.getId())
              .setModelName(request.getModelName())
              .setModelVersion(request.getModelVersion())
              .putParameters(FINAL, YES))
          .build());
    }
    answered();
  }

  private synchronized void answered() {
    busy = false;
    if (halfClosed) {
      answers.onCompleted();
    } else {
      idle = true;
      // Now, not with the next request: a caller who does not read must not hold its memory.
      intake.answered();
      next();
    }
  }

  /** Asks for the next request, unless answers still wait for the caller to read: gRPC calls again when they do not. */
  private synchronized void next() {
    if (idle && answers.isReady()) {
      idle = false;
      answers.request(1);
    }
  }

  @Override
  public void onError(Throwable cause) {
    // The caller is gone: what runs for it ends by itself, and its answer goes nowhere.
  }

  @Override
  public synchronized void onCompleted() {
    halfClosed = true;
    if (!busy) {
      answers.onCompleted();
    }
  }
}
