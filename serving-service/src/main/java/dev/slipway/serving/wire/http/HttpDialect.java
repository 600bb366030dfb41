package dev.slipway.serving.wire.http;

import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceRequest;
import dev.slipway.serving.predict.InferenceResponse;
import dev.slipway.serving.predict.Protocol;

/** One protocol's form over HTTP: how a body becomes a request, and how an answer or an error becomes a body. */
public interface HttpDialect {
  Protocol protocol();

  /**
   * Reads the request.
   *
   * @throws InferenceException when the body does not fit the protocol or the model; nothing is left allocated then
   */
  Call parse(HttpRequest request) throws InferenceException;

  /** Whether a path belongs to the protocol: where nothing answers there, it is refused in the protocol's form. */
  boolean covers(String path);

  /** The error in the protocol's own form. */
  Payload error(InferenceException error, HttpHead head);

  /** A request that was read, and how its answer is to be written. */
  record Call(InferenceRequest request, Writer writer) {}

  /** Writes an answer. */
  @FunctionalInterface
  interface Writer {
    Payload write(InferenceResponse response) throws InferenceException;
  }
}
