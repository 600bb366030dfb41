package dev.slipway.serving.fleet;

import dev.slipway.serving.cache.ArtifactException;
import java.time.Duration;
import java.util.Optional;

/**
 * Why a version is not loaded.
 *
 * @param message for a reviewer: no path of this machine, no stack trace
 */
record LoadFailure(Kind kind, String message) {
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final Duration SLOW = Duration.ofMinutes(1);

  /** What failed, and so whether the same again may succeed. */
  enum Kind {
    REGISTRY_UNREACHABLE(true),
    STORE_UNREACHABLE(true),
    DISK(true),
    /** Bytes that differ or are gone: only somebody's repair helps. */
    CORRUPT(false),
    MISSING(false),
    CACHE_QUOTA(false),
    /** The engine refuses the files, or the model fails on its first run. */
    NOT_SERVABLE(false),
    /** Looked at again with each plan, without a retry time. */
    OVER_BUDGET(false),
    INTERNAL(false);

    private final boolean passing;

    Kind(boolean passing) {
      this.passing = passing;
    }
  }

  static LoadFailure of(ArtifactException cause) {
    Kind kind = switch (cause.kind()) {
      case REGISTRY_UNREACHABLE -> Kind.REGISTRY_UNREACHABLE;
      case STORE_UNREACHABLE -> Kind.STORE_UNREACHABLE;
      case DISK -> Kind.DISK;
      case QUOTA -> Kind.CACHE_QUOTA;
      case MISSING -> Kind.MISSING;
      case CORRUPT -> Kind.CORRUPT;
    };
    return new LoadFailure(kind, cause.getMessage());
  }

  /** Whether it is expected to pass by itself: the version is then still on its way, and not reported as failed. */
  boolean passing() {
    return kind.passing;
  }

  /** How long to wait before the {@code attempt}-th retry (from 1); empty when it is not tried again by itself. */
  Optional<Duration> retryAfter(int attempt) {
    return switch (kind) {
      case REGISTRY_UNREACHABLE, STORE_UNREACHABLE -> Optional.of(doubling(200, attempt));
      case DISK -> Optional.of(doubling(1_000, attempt));
      case CORRUPT, MISSING, CACHE_QUOTA, INTERNAL -> Optional.of(SLOW);
      case NOT_SERVABLE, OVER_BUDGET -> Optional.empty();
    };
  }

  private static Duration doubling(long firstMs, int attempt) {
    Duration wait = Duration.ofMillis(firstMs << Math.min(Math.max(attempt - 1, 0), 10));
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }
}
