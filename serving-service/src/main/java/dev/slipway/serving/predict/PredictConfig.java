package dev.slipway.serving.predict;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Limits of the predict path; a model's settings go before where they say something. */
@ConfigMapping(prefix = "slipway.serving.predict")
public interface PredictConfig {
  /** The largest request body, also after it is unpacked. */
  @WithDefault("64M")
  MemorySize maxBodySize();

  /** The bytes of bodies and messages that may be held at once, over all connections and protocols; half the heap unless set. */
  Optional<MemorySize> maxRequestMemory();

  /** How long a request body may take to arrive, from its first byte to its last. */
  @WithDefault("60s")
  Duration bodyTimeout();

  /** The most elements that one tensor may have. */
  @WithDefault("67108864")
  long maxElements();

  /** How deep JSON may nest; a tensor takes one level a dimension. */
  @WithDefault("64")
  int maxJsonDepth();

  /** How long a request may take that names no deadline, for models whose settings name none. */
  @WithDefault("30s")
  Duration deadline();

  /** Runs of one model at the same time; twice the cores, and at least 4, unless set. */
  OptionalInt maxConcurrency();

  /** Requests of one model that may wait for a run before the next is told to come back. */
  @WithDefault("256")
  int maxQueue();

  /** The most rows that requests of one model which run together have, for models whose settings say nothing; 1 for never. */
  @WithDefault("32")
  int maxBatchSize();

  /** Whether gRPC's answers have {@code raw_output_contents} always, as Triton's, also where a request had typed contents. */
  @WithDefault("false")
  boolean grpcRawAnswers();

  /** A model whose requests take less on average is answered on the event loop itself. */
  @WithDefault("PT0.0001S")
  Duration inlineBelow();

  /** A model whose requests take longer runs on threads of its own, off the virtual threads' carriers. */
  @WithDefault("PT0.002S")
  Duration offloadAbove();

  /** Whether {@code POST /bench/constant} answers, the limit that a bench measures predictions against. */
  @WithDefault("false")
  boolean benchConstant();
}
