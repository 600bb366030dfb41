package dev.slipway.registry.web;

import dev.slipway.registry.evidence.ModelCard;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.release.Replicas;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is known of a version, for people. */
final class VersionFacts {
  private VersionFacts() {}

  /** @param known the serving processes, of which some may have it loaded */
  static List<ModelBoard.Pair> of(VersionView version, List<Replicas.Status> known) {
    List<ModelBoard.Pair> facts = new ArrayList<>();
    fact(facts, "Status", status(version));
    fact(facts, "Can be served", servable(version.servable()));
    fact(facts, "Loaded on", loaded(version, known));
    fact(facts, "Format", version.format());
    fact(facts, "Size", version.totalSize() == null ? null : ByteSize.text(version.totalSize()));
    fact(facts, "Digest", version.digest() == null ? null : version.digest().value());
    fact(facts, "Source", version.source());
    fact(facts, "Run", version.runId());
    fact(
        facts,
        "Aliases",
        version.aliases().isEmpty() ? null : String.join(", ", version.aliases()));
    version.tags().forEach((key, value) -> {
      if (!ModelCard.TAGS.contains(key)) {
        fact(facts, "Tag " + key, value);
      }
    });
    return facts;
  }

  /** What is written down; empty where nothing is. */
  static List<ModelBoard.Pair> of(ModelCard card) {
    return card.byName().entrySet().stream()
        .map(it -> new ModelBoard.Pair(
            capital(it.getKey().replace('_', ' ')), it.getValue() == null ? "" : it.getValue()))
        .toList();
  }

  private static String capital(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  private static void fact(List<ModelBoard.Pair> facts, String name, String value) {
    if (value != null && !value.isBlank()) {
      facts.add(new ModelBoard.Pair(name, value));
    }
  }

  private static String status(VersionView version) {
    String status = version.status().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return version.statusMessage() == null ? status : status + ": " + version.statusMessage();
  }

  private static String servable(VersionView.Servable servable) {
    String state = switch (servable.state()) {
      case UNKNOWN -> "not known yet";
      case YES -> "yes";
      case NO -> "no";
    };
    return servable.reason() == null ? state : state + ": " + servable.reason();
  }

  private static String loaded(VersionView version, List<Replicas.Status> known) {
    return known.stream()
        .filter(Replicas.Status::connected)
        .flatMap(status -> status.report().loaded().stream()
            .filter(it -> it.model().equals(version.model()) && it.version() == version.number())
            .map(it -> status.report().replica() + " (" + it.state().name().toLowerCase(Locale.ROOT)
                + ")"))
        .collect(Collectors.joining(", "));
  }
}
