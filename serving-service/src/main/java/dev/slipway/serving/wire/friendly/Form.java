package dev.slipway.serving.wire.friendly;

import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceException.Kind;
import dev.slipway.serving.wire.http.Accept;
import dev.slipway.serving.wire.http.HttpHead;
import dev.slipway.serving.wire.http.Payload;
import dev.slipway.serving.wire.table.CsvWriter;
import java.util.List;
import java.util.Set;

/**
 * Which of JSON and CSV a request is, and which its answer is to be. A body that names no type is JSON, and so is one that came by
 * {@code curl -d} without a header, which calls it a form.
 */
record Form(boolean csvCame, boolean csvWanted) {
  private static final Set<String> TAKEN_FOR_JSON = Set.of(
      Payload.JSON,
      "text/json",
      "text/plain",
      "application/octet-stream",
      "application/x-www-form-urlencoded");

  /**
   * @throws InferenceException UNSUPPORTED for a body of another type, NOT_ACCEPTABLE for a caller who takes neither
   */
  static Form of(HttpHead head) throws InferenceException {
    return new Form(came(head), wanted(head.accept()));
  }

  private static boolean came(HttpHead head) throws InferenceException {
    String contentType = head.contentType();
    if (contentType == null || contentType.isBlank()) {
      return false;
    }
    String type = head.mediaType();
    if (type.equals(CsvWriter.TYPE)) {
      return true;
    }
    if (TAKEN_FOR_JSON.contains(type) || type.endsWith("+json")) {
      return false;
    }
    throw new InferenceException(
        Kind.UNSUPPORTED,
        "Content-Type: expected application/json or text/csv, got " + contentType);
  }

  private static boolean wanted(String accept) throws InferenceException {
    return Accept.best(accept, List.of(Payload.JSON, CsvWriter.TYPE))
        .orElseThrow(() -> new InferenceException(
            Kind.NOT_ACCEPTABLE,
            "Accept: answers are application/json or text/csv, the caller takes " + accept))
        .equals(CsvWriter.TYPE);
  }
}
