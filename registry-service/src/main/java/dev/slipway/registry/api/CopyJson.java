package dev.slipway.registry.api;

import dev.slipway.registry.external.Copy;
import java.time.Instant;
import java.util.Locale;

/** A copy of a version's files on the wire; {@code state}: running, done or failed. */
public record CopyJson(
    String model,
    int version,
    String state,
    String error,
    String startedBy,
    int files,
    int filesDone,
    long bytes,
    long bytesDone,
    Instant startedAt,
    Instant endedAt) {

  static CopyJson of(Copy copy) {
    return new CopyJson(
        copy.model(),
        copy.version(),
        copy.state().name().toLowerCase(Locale.ROOT),
        copy.error(),
        copy.startedBy(),
        copy.files(),
        copy.filesDone(),
        copy.bytes(),
        copy.bytesDone(),
        copy.startedAt(),
        copy.endedAt());
  }
}
