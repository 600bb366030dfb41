package dev.slipway.serving.engine;

import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.TensorSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A model of which a trial found out what becomes of requests that run together. Until {@link #tryBatches} has run, nothing is
 * known, and so nothing may go together.
 */
public final class BatchableModel implements LoadedModel {
  private static final int SHORT_EXAMPLE = 1 << 14;

  private final LoadedModel model;
  private final List<FrameColumn> columns;
  private final List<ModelParam> params;
  private final SignatureKind signatureKind;
  private volatile Optional<List<Tensor>> example;
  private volatile BatchTrial.Verdict verdict = BatchTrial.Verdict.APART;

  BatchableModel(
      LoadedModel model,
      List<FrameColumn> columns,
      List<ModelParam> params,
      SignatureKind signatureKind,
      Optional<List<Tensor>> example) {
    this.model = model;
    this.example = example;
    this.columns = columns;
    this.params = params;
    this.signatureKind = signatureKind;
  }

  /** Measures, which takes some runs; a model that takes long for one of them is not tried further. */
  void tryBatches() {
    if (hasFreeRows()) {
      verdict = BatchTrial.of(model);
    }
  }

  /** The warm-up is over: of its example only what people may want to read is kept. */
  void warmedUp() {
    example = example.filter(tensors ->
        tensors.stream().mapToLong(tensor -> tensor.data().remaining()).sum() <= SHORT_EXAMPLE);
  }

  /** Whether each row's answer was the same alone and among others: requests may go together. */
  public boolean mayBatch() {
    return verdict != BatchTrial.Verdict.APART;
  }

  /** Whether rows were also answered markedly faster together than one by one. */
  public boolean gainsByBatches() {
    return verdict == BatchTrial.Verdict.FASTER;
  }

  private boolean hasFreeRows() {
    ModelSignature signature = model.signature();
    return !signature.inputs().isEmpty()
        && Stream.concat(signature.inputs().stream(), signature.outputs().stream())
            .allMatch(BatchableModel::isOfRows)
        && signature.inputs().stream().noneMatch(TensorSpec::optional);
  }

  private static boolean isOfRows(TensorSpec spec) {
    return spec.datatype().isFixedSize()
        && spec.shape().rank() > 0
        && spec.shape().dimension(0) < 0;
  }

  @Override
  public ModelSignature signature() {
    return model.signature();
  }

  @Override
  public List<FrameColumn> columns() {
    return columns;
  }

  @Override
  public List<ModelParam> params() {
    return params;
  }

  @Override
  public SignatureKind signatureKind() {
    return signatureKind;
  }

  @Override
  public Optional<List<Tensor>> example() {
    return example;
  }

  @Override
  public AnswerForm answerForm() {
    return model.answerForm();
  }

  @Override
  public List<ClassScores> classScores() {
    return model.classScores();
  }

  @Override
  public Map<String, Object> metadata() {
    return model.metadata();
  }

  @Override
  public Outputs predict(List<Tensor> inputs, Set<String> outputs, RunControl control)
      throws PredictException {
    return model.predict(inputs, outputs, control);
  }

  @Override
  public void close() {
    model.close();
  }
}
