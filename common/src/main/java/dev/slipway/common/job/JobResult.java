package dev.slipway.common.job;

import dev.slipway.common.tensor.ModelSignature;
import java.util.Map;

/**
 * The answer to a job.
 *
 * @param replica who did it
 * @param outcome whether the model can be served
 * @param reason why not, with what to do instead; null when it can
 * @param format the file format found: onnx, ort, torchscript, xgboost-json, …; null when none was recognised
 * @param signature what the model takes and gives; null when it could not be read
 * @param details figures and metadata for the reviewer (opset, producer, peak memory in bytes, load time in ms)
 * @param finding of a check; null of an inspection, and when there is none
 */
public record JobResult(
    String replica,
    Outcome outcome,
    String reason,
    String format,
    ModelSignature signature,
    Map<String, Object> details,
    Finding finding) {

  /** The answer to an inspection. */
  public JobResult(
      String replica,
      Outcome outcome,
      String reason,
      String format,
      ModelSignature signature,
      Map<String, Object> details) {
    this(replica, outcome, reason, format, signature, details, null);
  }

  /** What a check found, without the replica's name. */
  public static JobResult of(Finding finding) {
    return new JobResult(null, Outcome.CHECKED, null, null, null, Map.of(), finding);
  }

  /** The same answer, in a replica's name. */
  public JobResult by(String name) {
    return new JobResult(name, outcome, reason, format, signature, details, finding);
  }

  /** CHECKED comes with a finding. FAILED means that the job itself broke (store unreachable): it may be tried again. */
  public enum Outcome {
    SERVABLE,
    NOT_SERVABLE,
    CHECKED,
    FAILED
  }

  public JobResult {
    details = details == null ? Map.of() : Map.copyOf(details);
  }
}
