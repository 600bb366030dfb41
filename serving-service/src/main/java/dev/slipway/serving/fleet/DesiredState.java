package dev.slipway.serving.fleet;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.Feed;
import dev.slipway.common.feed.Role;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.report.ReplicaReport.Selector;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The part of a feed that this replica follows.
 *
 * @param feed with only the models that the selector matches
 * @param wanted what to hold loaded, most urgent first
 */
record DesiredState(Feed feed, List<Wanted> wanted) {

  /** Why a version is wanted, most urgent first. */
  enum Rank {
    LIVE,
    PREPARE,
    STANDBY,
    STAGED,
    ALIASED
  }

  /**
   * One version to hold loaded.
   *
   * @param untried whether it may still be one that ends the process which loads it
   * @param waivesStandby whether the model's settings say that no standby is kept
   */
  record Wanted(
      ServableId id,
      Rank rank,
      Set<Role> roles,
      ServingSettings settings,
      boolean untried,
      boolean waivesStandby) {
    boolean prepares() {
      return roles.contains(Role.PREPARE);
    }
  }

  static DesiredState none() {
    return of(Feed.empty(), Selector.all());
  }

  static DesiredState of(Feed feed, Selector selector) {
    List<Feed.Model> models = feed.models().stream()
        .filter(model -> selector.matches(model.name(), model.tags()))
        .toList();
    List<Wanted> wanted = models.stream()
        .flatMap(model -> model.versions().stream().map(version -> wanted(model, version)))
        .sorted(Comparator.comparing(Wanted::rank)
            .thenComparing(each -> each.id().model())
            .thenComparingInt(each -> -each.id().version()))
        .toList();
    return new DesiredState(new Feed(feed.epoch(), feed.revision(), models), wanted);
  }

  Set<Digest> digests() {
    return wanted.stream().map(each -> each.id().digest()).collect(Collectors.toSet());
  }

  private static Wanted wanted(Feed.Model model, Feed.Version version) {
    var id = new ServableId(
        model.name(), version.number(), version.digest(), LoadOptions.of(model.settings()));
    return new Wanted(
        id,
        rank(model, version),
        version.roles(),
        model.settings(),
        version.untried(),
        !model.settings().keepsStandby());
  }

  /** A version with a share of the traffic is live in all but name. */
  private static Rank rank(Feed.Model model, Feed.Version version) {
    boolean hasTraffic = model.traffic().stream()
        .anyMatch(share -> share.version() == version.number() && share.weight() > 0);
    if (hasTraffic || version.roles().contains(Role.LIVE)) {
      return Rank.LIVE;
    }
    if (version.roles().contains(Role.PREPARE)) {
      return Rank.PREPARE;
    }
    if (version.roles().contains(Role.STANDBY)) {
      return Rank.STANDBY;
    }
    return version.roles().contains(Role.STAGED) ? Rank.STAGED : Rank.ALIASED;
  }
}
