package dev.slipway.serving.wire.grpc;

import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.fleet.NotServedException;
import dev.slipway.serving.fleet.ServableHandle;
import dev.slipway.serving.fleet.Servables;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.RunLimits;
import dev.slipway.serving.predict.VersionStatistics;
import dev.slipway.serving.predict.VersionStatistics.Counted;
import dev.slipway.serving.wire.grpc.proto.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import dev.slipway.serving.wire.grpc.proto.ModelConfig;
import dev.slipway.serving.wire.grpc.proto.ModelConfigRequest;
import dev.slipway.serving.wire.grpc.proto.ModelConfigResponse;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;
import dev.slipway.serving.wire.grpc.proto.ModelInferResponse;
import dev.slipway.serving.wire.grpc.proto.ModelMetadataRequest;
import dev.slipway.serving.wire.grpc.proto.ModelMetadataResponse;
import dev.slipway.serving.wire.grpc.proto.ModelMetadataResponse.TensorMetadata;
import dev.slipway.serving.wire.grpc.proto.ModelReadyRequest;
import dev.slipway.serving.wire.grpc.proto.ModelReadyResponse;
import dev.slipway.serving.wire.grpc.proto.ModelStatisticsRequest;
import dev.slipway.serving.wire.grpc.proto.ModelStatisticsResponse;
import dev.slipway.serving.wire.grpc.proto.ModelStreamInferResponse;
import dev.slipway.serving.wire.grpc.proto.RepositoryIndexRequest;
import dev.slipway.serving.wire.grpc.proto.RepositoryIndexResponse;
import dev.slipway.serving.wire.grpc.proto.RepositoryIndexResponse.ModelIndex;
import dev.slipway.serving.wire.grpc.proto.RepositoryModelLoadRequest;
import dev.slipway.serving.wire.grpc.proto.RepositoryModelLoadResponse;
import dev.slipway.serving.wire.grpc.proto.RepositoryModelUnloadRequest;
import dev.slipway.serving.wire.grpc.proto.RepositoryModelUnloadResponse;
import dev.slipway.serving.wire.grpc.proto.ServerLiveRequest;
import dev.slipway.serving.wire.grpc.proto.ServerLiveResponse;
import dev.slipway.serving.wire.grpc.proto.ServerMetadataRequest;
import dev.slipway.serving.wire.grpc.proto.ServerMetadataResponse;
import dev.slipway.serving.wire.grpc.proto.ServerReadyRequest;
import dev.slipway.serving.wire.grpc.proto.ServerReadyResponse;
import dev.slipway.serving.wire.http.Selectors;
import dev.slipway.serving.wire.oip.ModelConfiguration;
import dev.slipway.serving.wire.oip.OipServerResource;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.smallrye.health.SmallRyeHealthReporter;
import jakarta.annotation.PreDestroy;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** {@code inference.GRPCInferenceService}. No method blocks: what may take time goes to a virtual thread. */
@GrpcService
public class InferenceGrpcService extends GRPCInferenceServiceImplBase {
  private final GrpcPredict predict;
  private final Servables servables;
  private final VersionStatistics statistics;
  private final RunLimits limits;
  private final SmallRyeHealthReporter health;
  private final String version;
  private final BoundedMessages messages;
  private final ExecutorService virtual = Executors.newThreadPerTaskExecutor(
      Thread.ofVirtual().name("grpc-infer-", 0).factory());

  InferenceGrpcService(
      GrpcPredict predict,
      Servables servables,
      VersionStatistics statistics,
      RunLimits limits,
      SmallRyeHealthReporter health,
      @ConfigProperty(name = "quarkus.application.version") String version,
      @ConfigProperty(name = "quarkus.grpc.server.max-inbound-message-size") int largest) {
    this.predict = predict;
    this.servables = servables;
    this.statistics = statistics;
    this.limits = limits;
    this.health = health;
    this.version = version;
    this.messages = new BoundedMessages(largest, virtual);
  }

  @Override
  public ServerServiceDefinition bindService() {
    return messages.around(super.bindService());
  }

  @PreDestroy
  void stop() {
    virtual.shutdown();
  }

  @Override
  public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> answer) {
    CallHeaders headers = CallHeaders.current();
    // Without a handler, an answer to a caller who has gone would be an exception.
    ((ServerCallStreamObserver<ModelInferResponse>) answer).setOnCancelHandler(() -> {});
    Intake.current().work(virtual, () -> {
      try {
        predict.infer(request, headers, answer::onNext);
        answer.onCompleted();
      } catch (InferenceException e) {
        answer.onError(GrpcErrors.of(e));
      }
    });
  }

  @Override
  public StreamObserver<ModelInferRequest> modelStreamInfer(
      StreamObserver<ModelStreamInferResponse> answers) {
    return new InferStream(
        predict,
        virtual,
        (ServerCallStreamObserver<ModelStreamInferResponse>) answers,
        CallHeaders.current());
  }

  @Override
  public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> answer) {
    send(answer, ServerLiveResponse.newBuilder().setLive(true).build());
  }

  @Override
  public void serverReady(ServerReadyRequest request, StreamObserver<ServerReadyResponse> answer) {
    health
        .getReadinessAsync()
        .subscribe()
        .with(
            ready -> send(
                answer,
                ServerReadyResponse.newBuilder().setReady(!ready.isDown()).build()),
            answer::onError);
  }

  @Override
  public void serverMetadata(
      ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> answer) {
    send(
        answer,
        ServerMetadataResponse.newBuilder()
            .setName("slipway")
            .setVersion(version)
            .addAllExtensions(OipServerResource.EXTENSIONS)
            .build());
  }

  @Override
  public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> answer) {
    boolean ready;
    try (ServableHandle handle = acquire(request.getName(), request.getVersion())) {
      ready = handle.loaded() != null;
    } catch (InferenceException e) {
      ready = false;
    }
    send(answer, ModelReadyResponse.newBuilder().setReady(ready).build());
  }

  @Override
  public void modelMetadata(
      ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> answer) {
    try (ServableHandle handle = acquire(request.getName(), request.getVersion())) {
      ModelMetadataResponse.Builder message = ModelMetadataResponse.newBuilder()
          .setName(handle.model())
          .setPlatform(ModelConfiguration.platform(handle))
          .addAllInputs(describe(handle.loaded().signature().inputs()))
          .addAllOutputs(describe(handle.loaded().signature().outputs()));
      servables
          .versions(handle.model())
          .forEach(number -> message.addVersions(Integer.toString(number)));
      send(answer, message.build());
    } catch (InferenceException e) {
      answer.onError(GrpcErrors.of(e));
    }
  }

  @Override
  public void modelConfig(ModelConfigRequest request, StreamObserver<ModelConfigResponse> answer) {
    ModelConfig config;
    try (ServableHandle handle = acquire(request.getName(), request.getVersion())) {
      config = GrpcDescriptions.of(ModelConfiguration.of(handle, servables, limits));
    } catch (InferenceException e) {
      answer.onError(GrpcErrors.of(e));
      return;
    }
    send(answer, ModelConfigResponse.newBuilder().setConfig(config).build());
  }

  @Override
  public void modelStatistics(
      ModelStatisticsRequest request, StreamObserver<ModelStatisticsResponse> answer) {
    List<Counted> counted;
    try {
      counted = request.getName().isEmpty()
          ? statistics.all()
          : statistics.of(request.getName(), Selectors.segment(request.getVersion()));
    } catch (NotServedException e) {
      answer.onError(GrpcErrors.of(InferenceException.of(e)));
      return;
    } catch (InferenceException e) {
      answer.onError(GrpcErrors.of(e));
      return;
    }
    ModelStatisticsResponse.Builder message = ModelStatisticsResponse.newBuilder();
    counted.forEach(version -> message.addModelStats(GrpcDescriptions.of(version)));
    send(answer, message.build());
  }

  private static List<TensorMetadata> describe(List<TensorSpec> specs) {
    return specs.stream()
        .map(spec -> {
          TensorMetadata.Builder tensor = TensorMetadata.newBuilder()
              .setName(spec.name())
              .setDatatype(spec.datatype().name());
          for (long dimension : spec.shape().toArray()) {
            tensor.addShape(dimension);
          }
          return tensor.build();
        })
        .toList();
  }

  private ServableHandle acquire(String model, String version) throws InferenceException {
    try {
      return servables.acquire(model, Selectors.segment(version));
    } catch (NotServedException e) {
      throw InferenceException.of(e);
    }
  }

  @Override
  public void repositoryIndex(
      RepositoryIndexRequest request, StreamObserver<RepositoryIndexResponse> answer) {
    RepositoryIndexResponse.Builder index = RepositoryIndexResponse.newBuilder();
    for (Servables.Listed listed : servables.index()) {
      boolean ready = listed.hindrance() == null;
      if (ready || !request.getReady()) {
        index.addModels(ModelIndex.newBuilder()
            .setName(listed.model())
            .setVersion(Integer.toString(listed.version()))
            .setState(ready ? "READY" : "UNAVAILABLE")
            .setReason(ready ? "" : listed.hindrance()));
      }
    }
    send(answer, index.build());
  }

  @Override
  public void repositoryModelLoad(
      RepositoryModelLoadRequest request, StreamObserver<RepositoryModelLoadResponse> answer) {
    refuse(answer);
  }

  @Override
  public void repositoryModelUnload(
      RepositoryModelUnloadRequest request, StreamObserver<RepositoryModelUnloadResponse> answer) {
    refuse(answer);
  }

  private static void refuse(StreamObserver<?> answer) {
    answer.onError(Status.FAILED_PRECONDITION
        .withDescription("the registry decides what is served; promote, roll back or retire there")
        .asRuntimeException());
  }

  private static <T> void send(StreamObserver<T> answer, T message) {
    answer.onNext(message);
    answer.onCompleted();
  }
}
