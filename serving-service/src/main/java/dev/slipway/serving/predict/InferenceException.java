package dev.slipway.serving.predict;

import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.fleet.NotServedException;

/** A request that gets no tensors. The message is for the caller: what was expected, what came, what to do. */
public final class InferenceException extends Exception {
  private static final long serialVersionUID = 1L;
  /** Whatever of a request's text stands in it. */
  private static final int MAX_MESSAGE = 8_000;

  /** Why; each protocol has its own status for it. */
  public enum Kind {
    /** The request does not fit the protocol or the model. */
    BAD_INPUT(400),
    /** A parameter beside the data has another type than the model's. */
    BAD_PARAMETER(400),
    /** No such model, or no version of it that answers. */
    NOT_FOUND(404),
    /** The path answers another method. */
    NOT_ALLOWED(405),
    /** No form of answer that the caller takes. */
    NOT_ACCEPTABLE(406),
    /** The body did not come in time. */
    TOO_SLOW(408),
    /** More bytes or elements than are taken. */
    TOO_LARGE(413),
    /** A content type or encoding that is not read. */
    UNSUPPORTED(415),
    /** Too many requests wait for this model. */
    BUSY(429),
    /** The model or the runtime failed. */
    FAILED(500),
    /** Not offered here. */
    NOT_OFFERED(501),
    /** It will be served, and is not loaded yet. */
    NOT_READY(503),
    /** There is no memory left for the request now. */
    NO_MEMORY(503),
    /** The deadline passed. */
    DEADLINE(504);

    private final int httpStatus;

    Kind(int httpStatus) {
      this.httpStatus = httpStatus;
    }

    public int httpStatus() {
      return httpStatus;
    }

    /** Whether trying again later, unchanged, may work. */
    public boolean isTransient() {
      return this == BUSY || this == NOT_READY || this == NO_MEMORY;
    }
  }

  private final Kind kind;
  private final boolean misfit;

  public InferenceException(Kind kind, String message) {
    this(kind, message, false);
  }

  private InferenceException(Kind kind, String message, boolean misfit) {
    super(Echo.of(message, MAX_MESSAGE), null, false, false);
    this.kind = kind;
    this.misfit = misfit;
  }

  private InferenceException(Kind kind, String message, Throwable cause) {
    super(Echo.of(message, MAX_MESSAGE), cause);
    this.kind = kind;
    this.misfit = false;
  }

  /**
   * What a caller is told of a failure that is not the request's.
   *
   * @param told for any but a lack of memory, which passes
   */
  public static InferenceException of(Throwable failure, String told) {
    return failure instanceof OutOfMemoryError
        ? new InferenceException(
            Kind.NO_MEMORY,
            "the gateway has no memory left for this request; try again in a second",
            failure)
        : new InferenceException(Kind.FAILED, told, failure);
  }

  public static InferenceException badInput(String message) {
    return new InferenceException(Kind.BAD_INPUT, message);
  }

  /** Bad input whose values can be read, and whose inputs, rows or shapes are not the model's. */
  public static InferenceException misfit(String message) {
    return new InferenceException(Kind.BAD_INPUT, message, true);
  }

  public static InferenceException of(NotServedException e) {
    return switch (e.reason()) {
      case UNKNOWN_MODEL, NO_LIVE_VERSION, VERSION_NOT_SERVED ->
        new InferenceException(Kind.NOT_FOUND, e.getMessage());
      case NOT_READY -> new InferenceException(Kind.NOT_READY, e.getMessage());
    };
  }

  public static InferenceException of(PredictException e) {
    return switch (e.kind()) {
      case BAD_INPUT -> new InferenceException(Kind.BAD_INPUT, e.getMessage());
      case DEADLINE -> new InferenceException(Kind.DEADLINE, e.getMessage());
      case NO_MEMORY -> new InferenceException(Kind.NO_MEMORY, e.getMessage(), e);
      case FAILED -> new InferenceException(Kind.FAILED, e.getMessage(), e);
    };
  }

  public Kind kind() {
    return kind;
  }

  /** Made by {@link #misfit}. */
  public boolean isMisfit() {
    return misfit;
  }
}
