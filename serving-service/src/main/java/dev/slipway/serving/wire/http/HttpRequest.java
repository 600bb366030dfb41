package dev.slipway.serving.wire.http;

import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.serving.engine.AnswerForm;
import dev.slipway.serving.engine.ClassScores;
import dev.slipway.serving.engine.FrameColumn;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelParam;
import dev.slipway.serving.engine.SignatureKind;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.wire.RequestMemory;
import java.nio.ByteBuffer;
import java.util.List;

/** A whole request, for a model that is there to answer it. */
public final class HttpRequest {
  private final HttpHead head;
  private final ModelSignature signature;
  private final List<FrameColumn> columns;
  private final List<ModelParam> params;
  private final AnswerForm answerForm;
  private final SignatureKind signatureKind;
  private final List<ClassScores> classScores;
  private final Body body;

  HttpRequest(HttpHead head, LoadedModel model, Body body) {
    this(
        head,
        model.signature(),
        model.columns(),
        model.params(),
        model.answerForm(),
        model.signatureKind(),
        model.classScores(),
        body);
  }

  private HttpRequest(
      HttpHead head,
      ModelSignature signature,
      List<FrameColumn> columns,
      List<ModelParam> params,
      AnswerForm answerForm,
      SignatureKind signatureKind,
      List<ClassScores> classScores,
      Body body) {
    this.head = head;
    this.signature = signature;
    this.columns = columns;
    this.params = params;
    this.answerForm = answerForm;
    this.signatureKind = signatureKind;
    this.classScores = classScores;
    this.body = body;
  }

  /** A request of a whole array. */
  public static HttpRequest of(HttpHead head, ModelSignature signature, byte[] body) {
    return new HttpRequest(
        head,
        signature,
        List.of(),
        List.of(),
        AnswerForm.NAMED,
        SignatureKind.NONE,
        List.of(),
        new Body(body, body.length, new RequestMemory(Long.MAX_VALUE).share()));
  }

  public HttpHead head() {
    return head;
  }

  public ModelSignature signature() {
    return signature;
  }

  /** The model's columns ({@link LoadedModel#columns}). */
  public List<FrameColumn> columns() {
    return columns;
  }

  /** The model's parameters ({@link LoadedModel#params}). */
  public List<ModelParam> params() {
    return params;
  }

  /** {@link LoadedModel#answerForm} of the model. */
  public AnswerForm answerForm() {
    return answerForm;
  }

  /** {@link LoadedModel#signatureKind} of the model. */
  public SignatureKind signatureKind() {
    return signatureKind;
  }

  /** {@link LoadedModel#classScores} of the model. */
  public List<ClassScores> classScores() {
    return classScores;
  }

  /** The body's bytes from 0 to {@link #length}; the array may be longer. */
  public byte[] body() {
    return body.array();
  }

  public int length() {
    return body.length();
  }

  /**
   * Takes memory for what the body is made into on the heap, until the request is answered.
   *
   * @throws InferenceException NO_MEMORY when there is no room now, TOO_LARGE when there never is
   */
  public void reserve(long bytes) throws InferenceException {
    body.share().require(bytes);
  }

  /** The bytes from {@code offset} on. */
  public ByteBuffer tail(int offset) {
    return ByteBuffer.wrap(body.array(), offset, body.length() - offset).slice();
  }
}
