package dev.slipway.registry.evidence;

import dev.slipway.registry.model.ModelView;
import dev.slipway.registry.model.VersionView;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What is written down about a version, of itself or, where it says nothing, of its model. Null where neither says anything.
 *
 * @param intendedUse tag {@code intended_use}
 * @param data tag {@code data}; else the data sets that its run read
 * @param owner tag {@code owner}
 */
public record ModelCard(String description, String intendedUse, String data, String owner) {
  /** The tags that it is read from. */
  public static final List<String> TAGS = List.of("intended_use", "data", "owner");

  /** @param datasets names of those that the run read; asked only where no tag tells of the data */
  public static ModelCard of(
      VersionView version, ModelView model, Supplier<Collection<String>> datasets) {
    String data = tag(version, model, "data");
    return new ModelCard(
        first(version.description(), model.description()),
        tag(version, model, "intended_use"),
        data == null ? first(String.join(", ", datasets.get()), null) : data,
        tag(version, model, "owner"));
  }

  private static String tag(VersionView version, ModelView model, String name) {
    return first(version.tags().get(name), model.tags().get(name));
  }

  private static String first(String own, String other) {
    return Stream.of(own == null ? "" : own, other == null ? "" : other)
        .filter(text -> !text.isBlank())
        .findFirst()
        .orElse(null);
  }

  /** What is written down, by its name; in the order in which a reader wants it. */
  public Map<String, String> byName() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("description", description);
    all.put("intended_use", intendedUse);
    all.put("data", data);
    all.put("owner", owner);
    return all;
  }
}
