package dev.slipway.common.feed;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;

/**
 * How ONNX Runtime runs one model, in its own terms. Another value means that the model is loaded again; a null component means the gateway's
 * default. Other engines have no such options.
 *
 * @param spinning whether the threads inside an operator look for more work for a while before they sleep ({@code session.intra_op.allow_spinning}):
 *     quicker for one caller at a time, at the expense of the other models on the machine
 * @param arena whether memory is kept between runs (the CPU memory arena)
 * @param graphOptimization how far the graph is rewritten at load
 * @param executionProviders ONNX Runtime's names ({@code CUDAExecutionProvider}), the preferred first; what a gateway's runtime does not have is
 *     passed over, and the processor takes what none of them does
 */
public record SessionOptions(
    Boolean spinning,
    Boolean arena,
    GraphOptimization graphOptimization,
    List<String> executionProviders) {

  /** ONNX Runtime's levels. */
  public enum GraphOptimization {
    DISABLED,
    BASIC,
    EXTENDED,
    ALL;

    @JsonValue
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static GraphOptimization of(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  public SessionOptions {
    executionProviders = executionProviders == null ? null : List.copyOf(executionProviders);
  }

  public static SessionOptions defaults() {
    return new SessionOptions(null, null, null, null);
  }
}
