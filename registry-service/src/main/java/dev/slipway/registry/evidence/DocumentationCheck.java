package dev.slipway.registry.evidence;

import dev.slipway.common.job.Finding;
import dev.slipway.registry.tracking.Runs;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether it is written down what the version is, what it is for, what data it comes from and whose it is: the description, and
 * the tags {@code intended_use}, {@code data} and {@code owner}, of the version or of its model. Data that the run logged counts too.
 */
@Singleton
class DocumentationCheck implements EvidenceCheck {
  private static final List<String> TAGS = List.of("intended_use", "data", "owner");

  private final Runs runs;

  DocumentationCheck(Runs runs) {
    this.runs = runs;
  }

  @Override
  public String name() {
    return "documentation";
  }

  @Override
  public boolean readsTexts() {
    return true;
  }

  @Override
  public Step examine(Subject subject) {
    Map<String, Object> found = new LinkedHashMap<>();
    put(found, "description", subject.version().description(), subject.model().description());
    for (String tag : TAGS) {
      put(found, tag, subject.version().tags().get(tag), subject.model().tags().get(tag));
    }
    if (!found.containsKey("data") && subject.version().runId() != null) {
      String sets =
          String.join(", ", LinkedRun.datasets(runs, subject.version()).keySet());
      put(found, "data", sets, null);
    }
    List<String> missing = new ArrayList<>(List.of("description"));
    missing.addAll(TAGS);
    missing.removeAll(found.keySet());
    Map<String, Object> data = Map.of("found", found, "missing", missing);
    return new Found(
        missing.isEmpty()
            ? Finding.green("description, intended use, data and owner are there", data)
            : Finding.warning("missing: " + String.join(", ", missing), data));
  }

  private static void put(Map<String, Object> found, String name, String first, String second) {
    if (first != null && !first.isBlank()) {
      found.put(name, first);
    } else if (second != null && !second.isBlank()) {
      found.put(name, second);
    }
  }
}
