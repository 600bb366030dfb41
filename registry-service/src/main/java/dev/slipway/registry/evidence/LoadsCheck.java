package dev.slipway.registry.evidence;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.job.Finding;
import dev.slipway.registry.model.VersionView;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;

/** Whether a gateway's probe process could load the version and run it, and what that took. */
@Singleton
class LoadsCheck implements EvidenceCheck {
  private final ObjectMapper json;

  LoadsCheck(ObjectMapper json) {
    this.json = json;
  }

  @Override
  public String name() {
    return "loads";
  }

  @Override
  public Step examine(Subject subject) {
    VersionView version = subject.version();
    String reason = version.servable().reason();
    return switch (version.servable().state()) {
      case YES -> new Found(Finding.green(summary(version), data(version)));
      case NO -> new Found(Finding.red(reason, data(version)));
      case UNKNOWN ->
        reason == null ? new Waiting() : new Found(Finding.warning(reason, data(version)));
    };
  }

  private static String summary(VersionView version) {
    var text = new StringBuilder(version.format() == null ? "it loads" : version.format());
    if (version.inspection() != null) {
      if (version.inspection().hasNonNull("load_ms")) {
        text.append(", loaded in ")
            .append(version.inspection().get("load_ms").asLong())
            .append(" ms");
      }
      if (version.inspection().hasNonNull("peak_memory_bytes")) {
        text.append(", at most ")
            .append(mebibytes(version.inspection().get("peak_memory_bytes").asLong()))
            .append(" MiB of memory");
      }
    }
    return text.toString();
  }

  /** Rounded up: a model takes some. */
  private static long mebibytes(long bytes) {
    return Math.ceilDiv(bytes, 1L << 20);
  }

  private Map<String, Object> data(VersionView version) {
    Map<String, Object> data = new LinkedHashMap<>();
    if (version.format() != null) {
      data.put("format", version.format());
    }
    if (version.inspection() != null) {
      data.putAll(
          json.convertValue(version.inspection(), new TypeReference<Map<String, Object>>() {}));
    }
    data.values().removeIf(java.util.Objects::isNull);
    return data;
  }
}
