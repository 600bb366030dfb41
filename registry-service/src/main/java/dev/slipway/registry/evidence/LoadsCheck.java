package dev.slipway.registry.evidence;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.job.Finding;
import dev.slipway.registry.lineage.Lineage;
import dev.slipway.registry.lineage.Registrations;
import dev.slipway.registry.model.VersionView;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a gateway's probe process could load the version and run it, what that took, and whether its {@code MLmodel} declares
 * what its graph has.
 */
@Singleton
class LoadsCheck implements EvidenceCheck {
  /** Formats whose own inputs and outputs an inspection reads; with others the signature comes from the declaration. */
  private static final Set<String> WITH_GRAPH = Set.of("onnx", "ort", "tensorflow-saved-model");

  private final ObjectMapper json;
  private final Registrations registrations;

  LoadsCheck(ObjectMapper json, Registrations registrations) {
    this.json = json;
    this.registrations = registrations;
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
      case YES -> new Found(servable(version, declared(version)));
      case NO -> new Found(Finding.red(reason, data(version)));
      case UNKNOWN ->
        reason == null ? new Waiting() : new Found(Finding.warning(reason, data(version)));
    };
  }

  private Optional<DeclaredSignature> declared(VersionView version) {
    if (version.signature() == null
        || version.format() == null
        || !WITH_GRAPH.contains(version.format())) {
      return Optional.empty();
    }
    return registrations
        .lineage(version)
        .map(Lineage::mlModel)
        .map(mlModel -> DeclaredSignature.against(version.signature(), mlModel))
        .filter(found -> !found.isEmpty());
  }

  private Finding servable(VersionView version, Optional<DeclaredSignature> declared) {
    Map<String, Object> data = data(version);
    if (declared.isEmpty()) {
      return Finding.green(summary(version), data);
    }
    List<String> breaking = declared.get().breaking();
    List<String> differing = declared.get().differing();
    data.put("declared_otherwise", Map.of("breaking", breaking, "differing", differing));
    String told = "MLmodel declares other tensors than the graph has: "
        + Stream.concat(breaking.stream(), differing.stream()).collect(Collectors.joining("; "));
    return breaking.isEmpty() ? Finding.warning(told, data) : Finding.red(told, data);
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
    data.values().removeIf(Objects::isNull);
    return data;
  }
}
