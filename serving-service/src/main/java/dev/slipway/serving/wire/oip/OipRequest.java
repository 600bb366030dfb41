package dev.slipway.serving.wire.oip;

import dev.slipway.serving.predict.InferenceRequest;
import java.util.Set;

/**
 * A request with what its answer's form depends on.
 *
 * @param binaryOutputs names of outputs to be written as binary data
 * @param binaryByDefault whether outputs that nothing is said of are binary
 */
record OipRequest(
    InferenceRequest request,
    Set<String> binaryOutputs,
    Set<String> jsonOutputs,
    boolean binaryByDefault) {

  boolean isBinary(String output) {
    return binaryOutputs.contains(output) || (binaryByDefault && !jsonOutputs.contains(output));
  }
}
