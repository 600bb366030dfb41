package dev.slipway.serving.wire.grpc;

import dev.slipway.serving.predict.InferenceStatistics;
import dev.slipway.serving.predict.InferenceStatistics.Batch;
import dev.slipway.serving.predict.InferenceStatistics.Total;
import dev.slipway.serving.predict.VersionStatistics.Counted;
import dev.slipway.serving.wire.grpc.proto.DataType;
import dev.slipway.serving.wire.grpc.proto.InferBatchStatistics;
import dev.slipway.serving.wire.grpc.proto.InferStatistics;
import dev.slipway.serving.wire.grpc.proto.ModelConfig;
import dev.slipway.serving.wire.grpc.proto.ModelDynamicBatching;
import dev.slipway.serving.wire.grpc.proto.ModelInput;
import dev.slipway.serving.wire.grpc.proto.ModelInstanceGroup;
import dev.slipway.serving.wire.grpc.proto.ModelOutput;
import dev.slipway.serving.wire.grpc.proto.ModelParameter;
import dev.slipway.serving.wire.grpc.proto.ModelStatistics;
import dev.slipway.serving.wire.grpc.proto.ModelVersionPolicy;
import dev.slipway.serving.wire.grpc.proto.StatisticDuration;
import dev.slipway.serving.wire.oip.ModelConfiguration;

/** Triton's messages of how a version is served and of what it has answered. What has nothing to say is left out, which is zero. */
final class GrpcDescriptions {
  private static final StatisticDuration NONE = StatisticDuration.getDefaultInstance();

  private GrpcDescriptions() {}

  static ModelConfig of(ModelConfiguration model) {
    ModelConfig.Builder message = ModelConfig.newBuilder()
        .setName(model.name())
        .setPlatform(model.platform())
        .setBackend(model.backend())
        .setMaxBatchSize(model.maxBatchSize())
        .setVersionPolicy(ModelVersionPolicy.newBuilder()
            .setSpecific(ModelVersionPolicy.Specific.newBuilder()
                .addAllVersions(
                    model.versions().stream().map(Integer::longValue).toList())))
        .addInstanceGroup(ModelInstanceGroup.newBuilder()
            .setName(model.name())
            .setCount(model.instances())
            .setKind(
                model.onProcessor()
                    ? ModelInstanceGroup.Kind.KIND_CPU
                    : ModelInstanceGroup.Kind.KIND_AUTO))
        .putParameters(
            GrpcResponseWriter.DIGEST,
            ModelParameter.newBuilder().setStringValue(model.digest()).build());
    if (model.dynamicBatching()) {
      message.setDynamicBatching(ModelDynamicBatching.getDefaultInstance());
    }
    for (ModelConfiguration.Tensor tensor : model.inputs()) {
      message.addInput(ModelInput.newBuilder()
          .setName(tensor.name())
          .setDataType(DataType.valueOf(tensor.dataType()))
          .addAllDims(tensor.dims())
          .setOptional(tensor.optional()));
    }
    for (ModelConfiguration.Tensor tensor : model.outputs()) {
      message.addOutput(ModelOutput.newBuilder()
          .setName(tensor.name())
          .setDataType(DataType.valueOf(tensor.dataType()))
          .addAllDims(tensor.dims()));
    }
    return message.build();
  }

  static ModelStatistics of(Counted version) {
    InferenceStatistics counts = version.statistics();
    ModelStatistics.Builder message = ModelStatistics.newBuilder()
        .setName(version.model())
        .setVersion(Integer.toString(version.version()))
        .setLastInference(counts.lastInference())
        .setInferenceCount(counts.inferences())
        .setExecutionCount(counts.executions())
        .setInferenceStats(InferStatistics.newBuilder()
            .setSuccess(of(counts.success()))
            .setFail(of(counts.fail()))
            .setQueue(of(counts.queue()))
            .setComputeInput(of(counts.input()))
            .setComputeInfer(of(counts.infer()))
            .setComputeOutput(of(counts.output()))
            .setCacheHit(NONE)
            .setCacheMiss(NONE));
    for (Batch batch : counts.batches()) {
      message.addBatchStats(InferBatchStatistics.newBuilder()
          .setBatchSize(batch.rows())
          .setComputeInput(NONE)
          .setComputeInfer(of(batch.runs()))
          .setComputeOutput(NONE));
    }
    return message.build();
  }

  private static StatisticDuration of(Total total) {
    return StatisticDuration.newBuilder()
        .setCount(total.count())
        .setNs(total.nanos())
        .build();
  }
}
