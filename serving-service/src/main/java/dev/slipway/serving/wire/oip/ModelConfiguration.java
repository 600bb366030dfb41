package dev.slipway.serving.wire.oip;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.fleet.ServableHandle;
import dev.slipway.serving.fleet.Servables;
import dev.slipway.serving.predict.RunLimits;
import java.util.Arrays;
import java.util.List;

/**
 * How a version is served, in the terms of Triton's model configuration (docs/user_guide/model_configuration.md): what its clients
 * ask for before they send batches. Nothing can be configured by it; the registry has the model's settings.
 *
 * @param platform engine and format, as the metadata have it
 * @param backend the engine
 * @param versions those that a request may name
 * @param maxBatchSize rows that are put together for one run, while a request may bring more; 0 when rows are not independent, or
 *     the first dimension is not one of rows
 * @param dynamicBatching whether requests that come together are put together
 * @param instances runs at the same time
 * @param onProcessor whether it runs on nothing but the processor
 * @param digest of the version
 */
public record ModelConfiguration(
    String name,
    String platform,
    String backend,
    List<Integer> versions,
    int maxBatchSize,
    List<Tensor> inputs,
    List<Tensor> outputs,
    boolean dynamicBatching,
    int instances,
    boolean onProcessor,
    String digest) {

  public ModelConfiguration {
    versions = List.copyOf(versions);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /**
   * @param dataType as the configuration's enumeration has it
   * @param dims without that of the rows where {@code maxBatchSize} is not 0; -1 for free ones
   */
  public record Tensor(String name, String dataType, List<Long> dims, boolean optional) {
    public Tensor {
      dims = List.copyOf(dims);
    }

    private static Tensor of(TensorSpec spec, boolean rows) {
      List<Long> dims =
          Arrays.stream(spec.shape().toArray()).skip(rows ? 1 : 0).boxed().toList();
      return new Tensor(spec.name(), dataType(spec.datatype()), dims, spec.optional());
    }

    private static String dataType(DataType type) {
      return type == DataType.BYTES ? "TYPE_STRING" : "TYPE_" + type.name();
    }
  }

  /** What Triton calls platform: engine and format. */
  public static String platform(ServableHandle handle) {
    var facts = handle.loaded().metadata();
    return facts.get("engine") + "_" + facts.get("format");
  }

  /** Of the version that the handle holds. */
  public static ModelConfiguration of(
      ServableHandle handle, Servables servables, RunLimits limits) {
    var signature = handle.loaded().signature();
    int rows = limits.maxBatchSize(handle);
    var session = handle.settings().session();
    return new ModelConfiguration(
        handle.model(),
        platform(handle),
        String.valueOf(handle.loaded().metadata().get("engine")),
        servables.versions(handle.model()),
        rows,
        signature.inputs().stream().map(spec -> Tensor.of(spec, rows > 0)).toList(),
        signature.outputs().stream().map(spec -> Tensor.of(spec, rows > 0)).toList(),
        limits.batchRows(handle) > 1,
        limits.concurrency(handle.settings()),
        session == null
            || session.executionProviders() == null
            || session.executionProviders().isEmpty(),
        handle.digest().value());
  }
}
