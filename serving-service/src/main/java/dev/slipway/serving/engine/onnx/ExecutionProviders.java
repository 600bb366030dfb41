package dev.slipway.serving.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which of ONNX Runtime's execution providers run a model: the wanted ones that this runtime was built with, and the processor for the rest. */
final class ExecutionProviders {
  private static final int FIRST_DEVICE = 0;

  /** By ONNX Runtime's names. */
  private static final Map<String, Registration> KNOWN = Map.of(
      "ACLExecutionProvider", options -> options.addACL(true),
      "CoreMLExecutionProvider", options -> options.addCoreML(Map.of()),
      "CUDAExecutionProvider", options -> options.addCUDA(FIRST_DEVICE),
      "DmlExecutionProvider", options -> options.addDirectML(FIRST_DEVICE),
      "DnnlExecutionProvider", options -> options.addDnnl(true),
      "OpenVINOExecutionProvider", options -> options.addOpenVINO(""),
      "ROCMExecutionProvider", options -> options.addROCM(FIRST_DEVICE),
      "TensorrtExecutionProvider", options -> options.addTensorrt(FIRST_DEVICE),
      "XnnpackExecutionProvider", options -> options.addXnnpack(Map.of()));

  private static final String CPU = OrtProvider.CPU.getName();

  @FunctionalInterface
  private interface Registration {
    void on(SessionOptions options) throws OrtException;
  }

  private ExecutionProviders() {}

  /**
   * Registers what is {@code wanted} and there, in that order.
   *
   * @param wanted null for none but the processor
   * @param present what the runtime was built with
   * @return the names of those that run the model; the processor, which is always the last, included
   */
  static List<String> register(
      SessionOptions options, List<String> wanted, Set<OrtProvider> present) throws OrtException {
    var used = new ArrayList<String>();
    for (String name : wanted == null ? List.<String>of() : wanted) {
      Registration registration = KNOWN.get(name);
      boolean there = present.stream().anyMatch(it -> it.getName().equals(name));
      if (registration != null && there && !used.contains(name)) {
        registration.on(options);
        used.add(name);
      }
    }
    used.add(CPU);
    return List.copyOf(used);
  }
}
