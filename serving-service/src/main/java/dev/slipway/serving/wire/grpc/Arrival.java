package dev.slipway.serving.wire.grpc;

import dev.slipway.serving.predict.InferenceException;
import java.util.function.Supplier;

/** What came of a message. */
sealed interface Arrival<Q> {
  /** It was read. */
  record Read<Q>(Q message) implements Arrival<Q> {}

  /** It was not, for this reason. */
  record Refused<Q>(InferenceException reason) implements Arrival<Q> {}

  /**
   * It takes long to read, or may.
   *
   * @param reading reads it; to be called once, for until then it holds the transport's memory. It gives one of the other two
   */
  record Large<Q>(Supplier<Arrival<Q>> reading) implements Arrival<Q> {}
}
