package dev.slipway.registry.evidence;

import dev.slipway.common.job.Finding;
import dev.slipway.registry.tracking.Runs;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether it is written down what the version is, what it is for, what data it comes from and whose it is: the description, and
 * the tags {@code intended_use}, {@code data} and {@code owner}, of the version or of its model. Data that the run logged counts too. A
 * policy's limit of one of these names may be 0: it can be missing. One of any other name, and above 0, asks for a tag of that name.
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
    Set<String> asked = new LinkedHashSet<>();
    card.byName().forEach((name, text) -> put(found, asked, subject, name, text));
    for (String tag : new TreeSet<>(subject.thresholds().keySet())) {
      if (!card.byName().containsKey(tag)) {
        put(found, asked, subject, tag, tag(subject, tag));
      }
    }
    List<String> missing =
        asked.stream().filter(item -> !found.containsKey(item)).toList();
    Map<String, Object> data = Map.of("found", found, "missing", missing);
    return new Found(
        missing.isEmpty()
            ? Finding.green(there(asked), data)
            : Finding.warning("missing: " + String.join(", ", missing), data));
  }

  private static void put(
      Map<String, Object> found, Set<String> asked, Subject subject, String item, String text) {
    if (subject.threshold(item, 1) > 0) {
      asked.add(item);
    }
    if (text != null && !text.isBlank()) {
      found.put(item, text);
    }
  }

  private static String tag(Subject subject, String name) {
    String own = subject.version().tags().get(name);
    return own == null || own.isBlank() ? subject.model().tags().get(name) : own;
  }

  private static String there(Set<String> asked) {
    List<String> names = asked.stream().map(item -> item.replace('_', ' ')).toList();
    return switch (names.size()) {
      case 0 -> "the policy asks for none";
      case 1 -> names.getFirst() + " is there";
      default ->
        String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast()
            + " are there";
    };
  }
}
