package dev.slipway.registry.web;

import dev.slipway.registry.lineage.Lineage;
import dev.slipway.registry.web.EvidenceView.OriginLine;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Where a version comes from, in lines: run, experiment, data, code. */
final class OriginLines {
  private OriginLines() {}

  /** @param lineage null where nothing is known */
  static List<OriginLine> of(Lineage lineage) {
    List<OriginLine> lines = new ArrayList<>();
    if (lineage == null) {
      return lines;
    }
    Lineage.Origin origin = lineage.origin();
    if (lineage.runId() != null) {
      String name = origin == null ? null : origin.runName();
      // A run that is named and not here has no page.
      add(
          lines,
          "Run",
          name == null ? lineage.runId() : name,
          origin == null ? "" : Links.run(lineage.runId()));
    }
    if (origin == null) {
      return lines;
    }
    String experiment =
        origin.experimentName() == null ? origin.experimentId() : origin.experimentName();
    add(lines, "Experiment", experiment, experimentHref(origin.experimentId()));
    add(lines, "Logged model", origin.loggedModelName(), "");
    if (origin.datasets() != null) {
      origin.datasets().forEach(it -> add(lines, "Data", dataset(it), ""));
    }
    add(lines, "Commit", origin.gitCommit(), "");
    add(lines, "Branch", origin.gitBranch(), "");
    add(lines, "Repository", origin.gitRepository(), Links.web(origin.gitRepository()));
    add(lines, "Made by", origin.sourceName(), "");
    return lines;
  }

  /** The metrics of the run as they stood at registration, by name. */
  static List<ModelBoard.Pair> metrics(Lineage lineage) {
    return lineage == null || lineage.origin() == null || lineage.origin().metrics() == null
        ? List.of()
        : new TreeMap<>(lineage.origin().metrics())
            .entrySet().stream()
                .map(it -> new ModelBoard.Pair(it.getKey(), Chart.number(it.getValue())))
                .toList();
  }

  /** Names of the data sets that the run read. */
  static List<String> datasets(Lineage lineage) {
    return lineage == null || lineage.origin() == null || lineage.origin().datasets() == null
        ? List.of()
        : lineage.origin().datasets().stream()
            .map(Lineage.DatasetUse::name)
            .sorted()
            .distinct()
            .toList();
  }

  private static String experimentHref(String id) {
    return id == null || !id.matches("\\d{1,18}") ? "" : Links.experiment(Long.parseLong(id));
  }

  private static String dataset(Lineage.DatasetUse it) {
    return it.name() + " (" + it.digest() + ")"
        + (it.context() == null || it.context().isEmpty() ? "" : ", " + it.context());
  }

  private static void add(List<OriginLine> lines, String name, String value, String href) {
    if (value != null && !value.isBlank()) {
      lines.add(new OriginLine(name, value, href));
    }
  }
}
