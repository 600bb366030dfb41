package dev.slipway.serving.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How one replica serves. */
@ConfigMapping(prefix = "slipway.serving")
public interface ServingConfig {

  /** Feed, artifacts and identity of this replica; one process at a time. */
  @WithDefault(".slipway/serving")
  Path dataDir();

  /** This replica's name in the registry; a random one kept in the data directory unless set. */
  Optional<String> replica();

  /** Where people and the registry's UI reach this replica; from the HTTP host and port unless set. */
  Optional<String> url();

  /** Names of the models to serve; all unless set. */
  Optional<List<String>> models();

  /** Tags that a model must have to be served here, each {@code key:value}; none unless set. */
  Optional<List<String>> selectorTags();

  Cache cache();

  Loads loads();

  /** What all loaded versions together may take; three quarters of the machine's memory unless set. */
  Optional<MemorySize> memoryBudget();

  /** Silence of the registry that is nothing to speak of. */
  @WithDefault("5S")
  Duration staleAfter();

  /** Silence of the registry that turns readiness red; none unless set. */
  Optional<Duration> maxStaleness();

  /** Artifacts on disk. */
  interface Cache {
    /** Quota for the files of all versions. */
    @WithDefault("32G")
    MemorySize maxSize();
  }

  /** Loading of models. */
  interface Loads {
    /** How many versions are loaded at the same time; a live one may take one more place. */
    @WithDefault("2")
    int concurrency();

    /** Memory that a version is taken to need, as a multiple of its files' size. */
    @WithDefault("1.5")
    double memoryFactor();
  }

  /** Jobs for the registry. */
  Jobs jobs();

  /** Inspections and checks of versions, in a child process. */
  interface Jobs {
    /** Whether this replica takes on jobs. */
    @WithDefault("true")
    boolean enabled();

    /** What one job may take; below half of a job's lease: where the machine is too busy for it, twice as long. */
    @WithDefault("45S")
    Duration timeLimit();

    /** Memory that the child process may hold; half of the machine's unless set. */
    Optional<MemorySize> maxMemory();

    /** Jobs after which the child process is replaced by a fresh one. */
    @WithDefault("200")
    int processTasks();
  }
}
