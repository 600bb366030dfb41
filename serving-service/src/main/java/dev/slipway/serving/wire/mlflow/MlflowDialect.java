package dev.slipway.serving.wire.mlflow;

import dev.slipway.serving.engine.AnswerForm;
import dev.slipway.serving.engine.SignatureKind;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceException.Kind;
import dev.slipway.serving.predict.InferenceRequest;
import dev.slipway.serving.predict.InferenceResponse;
import dev.slipway.serving.predict.Protocol;
import dev.slipway.serving.wire.TensorMemory;
import dev.slipway.serving.wire.http.HttpDialect;
import dev.slipway.serving.wire.http.HttpHead;
import dev.slipway.serving.wire.http.HttpRequest;
import dev.slipway.serving.wire.http.Payload;
import dev.slipway.serving.wire.json.JsonBody;
import dev.slipway.serving.wire.json.JsonTensors;
import dev.slipway.serving.wire.table.RowWriter;
import dev.slipway.serving.wire.table.Rows;
import dev.slipway.serving.wire.table.ScoreObjects;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * The form of a scoring request and its answer. A model with columns in its MLflow signature answers with records, one with tensors
 * with named tensors ({@link SignatureKind}). Without a signature a data frame in (split, records, CSV) gives records out, as MLflow's
 * ONNX flavor answers a frame; tensors in (instances, inputs) give named tensors out. What other flavors answer: {@link AnswerForm}.
 */
@Singleton
class MlflowDialect implements HttpDialect {
  private final JsonBody json;

  MlflowDialect(JsonBody json) {
    this.json = json;
  }

  @Override
  public Protocol protocol() {
    return Protocol.MLFLOW;
  }

  @Override
  public boolean covers(String path) {
    return path.endsWith("/invocations");
  }

  @Override
  public Call parse(HttpRequest request) throws InferenceException {
    try (var memory = new TensorMemory(json.maxElements())) {
      boolean cameAsFrame = new InvocationReader(json, request, memory).read();
      boolean frame = isFrame(request.signatureKind(), cameAsFrame);
      InferenceRequest read = memory.request(null, Set.of(), request.head().timeoutMicros());
      Rows rows = Rows.of(request, read.inputs());
      return new Call(
          read,
          request.answerForm() == AnswerForm.NAMED
              ? named(frame, cameAsFrame, rows)
              : array(request.answerForm(), frame));
    }
  }

  /** Whether the model's function has a data frame before it, and so answers with one. */
  private static boolean isFrame(SignatureKind kind, boolean came) {
    return switch (kind) {
      case NONE -> came;
      case COLUMNS, UNNAMED_COLUMNS -> true;
      case TENSORS, UNNAMED_TENSORS -> false;
    };
  }

  /** Outputs without rows are no frame: whoever did not send one gets them as they are. */
  private static Writer named(boolean frame, boolean cameAsFrame, Rows rows) {
    return response -> {
      ScoreObjects scores = ScoreObjects.of(rows.classScores(), response.tensors());
      return frame && (cameAsFrame || RowWriter.hasRows(response.tensors(), rows))
          ? records(response, rows, scores)
          : tensors(response, scores);
    };
  }

  private static Writer array(AnswerForm form, boolean frame) {
    return form == AnswerForm.NUMBERED && frame ? MlflowDialect::numbered : MlflowDialect::array;
  }

  private static Payload predictions(JsonTensors.Writing value) throws InferenceException {
    return Payload.json(JsonTensors.document((out, tensors) -> {
      out.writeStartObject();
      out.writeFieldName("predictions");
      value.write(out, tensors);
      out.writeEndObject();
    }));
  }

  private static Payload records(InferenceResponse response, Rows rows, ScoreObjects scores)
      throws InferenceException {
    return predictions(
        (out, tensors) -> RowWriter.write(out, tensors, response.tensors(), rows, false, scores));
  }

  private static Payload array(InferenceResponse response) throws InferenceException {
    return predictions((_, tensors) -> tensors.nested(response.tensors().getFirst()));
  }

  /** What pandas makes of an array: it has no rows for one of more dimensions. */
  private static Payload numbered(InferenceResponse response) throws InferenceException {
    Tensor only = response.tensors().getFirst();
    int rank = only.shape().rank();
    return rank == 1 || rank == 2
        ? predictions((out, tensors) -> RowWriter.numbered(out, tensors, only))
        : array(response);
  }

  private static Payload tensors(InferenceResponse response, ScoreObjects scores)
      throws InferenceException {
    return predictions((out, tensors) -> {
      out.writeStartObject();
      for (Tensor tensor : response.tensors()) {
        if (!scores.holds(tensor)) {
          out.writeFieldName(tensor.name());
          scores.nested(out, tensors, tensor);
        }
      }
      out.writeEndObject();
    });
  }

  @Override
  public Payload error(InferenceException error, HttpHead head) {
    return Payload.object(Payload.JSON, out -> {
      out.writeStringField("error_code", code(error.kind()));
      out.writeStringField("message", error.getMessage());
    });
  }

  private static String code(Kind kind) {
    return switch (kind) {
      case BAD_INPUT, TOO_SLOW, TOO_LARGE, UNSUPPORTED, NOT_ALLOWED, NOT_ACCEPTABLE ->
        "BAD_REQUEST";
      case BAD_PARAMETER -> "INVALID_PARAMETER_VALUE";
      case NOT_FOUND -> "RESOURCE_DOES_NOT_EXIST";
      case BUSY -> "REQUEST_LIMIT_EXCEEDED";
      case FAILED -> "INTERNAL_ERROR";
      case NOT_OFFERED -> "NOT_IMPLEMENTED";
      case NOT_READY, NO_MEMORY -> "TEMPORARILY_UNAVAILABLE";
      case DEADLINE -> "DEADLINE_EXCEEDED";
    };
  }
}
