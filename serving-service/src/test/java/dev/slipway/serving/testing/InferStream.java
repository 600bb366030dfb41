package dev.slipway.serving.testing;

import dev.slipway.serving.wire.grpc.proto.GRPCInferenceServiceGrpc.GRPCInferenceServiceStub;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;
import dev.slipway.serving.wire.grpc.proto.ModelStreamInferResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A call of {@code ModelStreamInfer}, and its answers in their order. */
public final class InferStream {
  private static final long PATIENCE_SECONDS = 30;

  private final BlockingQueue<ModelStreamInferResponse> answers = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final boolean unread;
  private final ClientCallStreamObserver<ModelInferRequest> requests;

  /** Opens it. */
  public InferStream(GRPCInferenceServiceStub stub) {
    this(stub, false);
  }

  private InferStream(GRPCInferenceServiceStub stub, boolean unread) {
    this.unread = unread;
    requests = (ClientCallStreamObserver<ModelInferRequest>) stub.modelStreamInfer(new Answers());
  }

  /** Opens one whose answers stay with the server and the connection until they are {@link #read}. */
  public static InferStream unread(GRPCInferenceServiceStub stub) {
    return new InferStream(stub, true);
  }

  /** Takes so many answers more. */
  public void read(int answers) {
    requests.request(answers);
  }

  public void send(ModelInferRequest request) {
    requests.onNext(request);
  }

  /** Says that no more requests come. */
  public void finish() {
    requests.onCompleted();
  }

  /** Whether {@link #next} would not wait. */
  public boolean hasNext() {
    return !answers.isEmpty();
  }

  /**
   * The next answer.
   *
   * @throws AssertionError when none comes
   */
  public ModelStreamInferResponse next() throws InterruptedException {
    ModelStreamInferResponse answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (answer == null) {
      throw new AssertionError("no answer; the stream: " + end);
    }
    return answer;
  }

  /** What is left of the answers once the stream has ended, which must be without an error. */
  public List<ModelStreamInferResponse> rest() throws Exception {
    end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    List<ModelStreamInferResponse> rest = new ArrayList<>();
    answers.drainTo(rest);
    return rest;
  }

  private final class Answers
      implements ClientResponseObserver<ModelInferRequest, ModelStreamInferResponse> {
    @Override
    public void beforeStart(ClientCallStreamObserver<ModelInferRequest> call) {
      if (unread) {
        call.disableAutoRequestWithInitial(0);
      }
    }

    @Override
    public void onNext(ModelStreamInferResponse answer) {
      answers.add(answer);
    }

    @Override
    public void onError(Throwable cause) {
      end.completeExceptionally(cause);
    }

    @Override
    public void onCompleted() {
      end.complete(null);
    }
  }
}
