package dev.slipway.common.feed;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.stage.Stage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The complete desired state. What it leaves out is to be unloaded, so a lost message heals with the next.
 *
 * @param epoch changes when the registry's database was restored or emptied; a new epoch replaces everything
 * @param revision grows by one with each committed change; within an epoch an older one is ignored
 */
public record Feed(String epoch, long revision, List<Model> models) {
  public Feed {
    models = List.copyOf(models);
  }

  /** What a replica starts from when it has never heard of a registry. */
  public static Feed empty() {
    return new Feed("", 0, List.of());
  }

  public Optional<Model> model(String name) {
    return models.stream().filter(model -> model.name().equals(name)).findFirst();
  }

  /**
   * Whether this feed may replace {@code current}: another epoch, or the same with a higher revision.
   */
  public boolean supersedes(Feed current) {
    return !epoch.equals(current.epoch) || revision > current.revision;
  }

  /**
   * One registered model that has something to load.
   *
   * @param traffic shares of the requests that name no version; empty when no version is live
   * @param aliases alias to version number, only those that rule 10 lets answer
   * @param tags the registered model's tags, for selectors
   * @param split how a release in progress divides the requests; null when none does
   */
  public record Model(
      String name,
      List<Version> versions,
      List<TrafficShare> traffic,
      ServingSettings settings,
      long settingsVersion,
      Map<String, Integer> aliases,
      Map<String, String> tags,
      Split split) {
    public Model {
      versions = List.copyOf(versions);
      traffic = traffic == null ? List.of() : List.copyOf(traffic);
      settings = settings == null ? ServingSettings.defaults() : settings;
      aliases = aliases == null ? Map.of() : Map.copyOf(aliases);
      tags = tags == null ? Map.of() : Map.copyOf(tags);
    }

    /** A model without a release in progress. */
    public Model(
        String name,
        List<Version> versions,
        List<TrafficShare> traffic,
        ServingSettings settings,
        long settingsVersion,
        Map<String, Integer> aliases,
        Map<String, String> tags) {
      this(name, versions, traffic, settings, settingsVersion, aliases, tags, null);
    }

    public Optional<Version> live() {
      return versions.stream()
          .filter(version -> version.roles().contains(Role.LIVE))
          .findFirst();
    }

    public Optional<Version> version(int number) {
      return versions.stream().filter(version -> version.number() == number).findFirst();
    }
  }

  /**
   * One version to hold loaded, with the reasons why.
   *
   * @param untried nobody has found out yet whether it can be loaded: it may end the process that does
   */
  public record Version(
      int number,
      Digest digest,
      Set<Role> roles,
      Stage stage,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean untried) {
    public Version {
      roles = Set.copyOf(roles);
    }

    /** A version that was tried. */
    public Version(int number, Digest digest, Set<Role> roles, Stage stage) {
      this(number, digest, roles, stage, false);
    }
  }

  /**
   * A release in progress.
   *
   * @param version that it brings in
   * @param mirror of what the live version answers, the share that {@code version} answers too, unheard, in basis points
   * @param sticky what keeps a caller on one version; null for chance
   */
  public record Split(int version, int mirror, ReleaseStrategy.Sticky sticky) {}

  /** {@code weight} is in basis points: the shares of a model add up to 10,000. */
  public record TrafficShare(int version, int weight) {}
}
