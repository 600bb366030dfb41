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
    ModelCard card = ModelCard.of(
        subject.version(),
        subject.model(),
        () -> LinkedRun.datasets(runs, subject.version()).keySet());
    Map<String, Object> found = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    card.byName().forEach((name, text) -> {
      if (text == null) {
        missing.add(name);
      } else {
        found.put(name, text);
      }
    });
    Map<String, Object> data = Map.of("found", found, "missing", missing);
    return new Found(
        missing.isEmpty()
            ? Finding.green("description, intended use, data and owner are there", data)
            : Finding.warning("missing: " + String.join(", ", missing), data));
  }
}
