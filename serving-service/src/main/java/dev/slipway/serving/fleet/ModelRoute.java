package dev.slipway.serving.fleet;

import dev.slipway.common.feed.Feed;
import dev.slipway.common.feed.ReleaseStrategy;
import dev.slipway.common.feed.Role;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.stage.Stage;
import dev.slipway.serving.fleet.NotServedException.Reason;
import dev.slipway.serving.fleet.VersionSelector.Alias;
import dev.slipway.serving.fleet.VersionSelector.Exact;
import dev.slipway.serving.fleet.VersionSelector.InStage;
import dev.slipway.serving.fleet.VersionSelector.Live;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Which servable answers for one model, as one feed and the servables READY at that moment have it. Immutable.
 *
 * <p>Where the live version is not READY nothing else answers in its place: the version that was live before may be the one
 * that was just rolled back. A share of the traffic whose version is not READY falls to the live version.
 */
final class ModelRoute {
  private static final int WHOLE = 10_000;
  private static final Set<Role> ANSWERING =
      Set.of(Role.LIVE, Role.STANDBY, Role.STAGED, Role.ALIASED);

  private final String name;
  private final ServingSettings settings;
  private final Map<String, Integer> aliases;
  /** What a request may name, and whether it is READY here. */
  private final TreeMap<Integer, Place> places = new TreeMap<>();
  /** The version that answers requests without a version, and the rest of what {@link #shares} leaves; null for none. */
  private final Integer live;

  private final List<Feed.TrafficShare> shares;
  private final Integer staged;
  private final Feed.Split split;
  /** Answers too, unheard; null when nothing is mirrored, or it is not READY. */
  private final Servable mirrored;

  /** A version that may answer; {@code servable} is null until it is READY, and {@code why} says why it is not. */
  private record Place(Servable servable, String why) {}

  ModelRoute(
      Feed.Model model,
      Function<Feed.Version, Servable> ready,
      Function<Feed.Version, String> whyNot) {
    this.name = model.name();
    this.settings = model.settings();
    this.aliases = model.aliases();
    this.split = model.split();
    this.mirrored =
        split == null ? null : model.version(split.version()).map(ready).orElse(null);
    for (Feed.Version version : model.versions()) {
      if (answers(model, version)) {
        Servable servable = ready.apply(version);
        places.put(
            version.number(), new Place(servable, servable == null ? whyNot.apply(version) : null));
      }
    }
    this.live = live(model);
    this.shares = model.traffic().stream()
        .filter(share -> share.weight() > 0 && live != null && share.version() != live)
        .toList();
    this.staged = model.versions().stream()
        .filter(version -> version.stage() == Stage.STAGING && places.containsKey(version.number()))
        .map(Feed.Version::number)
        .max(Integer::compare)
        .orElse(null);
  }

  ServingSettings settings() {
    return settings;
  }

  /** The version that answers requests that name none, READY or not; null when there is none. */
  Integer live() {
    return live;
  }

  boolean isLive(int version) {
    return live != null && live == version;
  }

  /** Whether a release divides or mirrors the requests, so that the versions' answers are compared. */
  boolean isSplit() {
    return split != null;
  }

  /** The servable that answers this request too, unheard; null where nothing is mirrored or chance says no. */
  Servable mirror(int answeredBy) {
    if (split == null
        || split.mirror() <= 0
        || live == null
        || answeredBy != live
        || ThreadLocalRandom.current().nextInt(WHOLE) >= split.mirror()) {
      return null;
    }
    return mirrored;
  }

  boolean isLiveReady() {
    return live != null && places.containsKey(live) && places.get(live).servable() != null;
  }

  /** What a request may name and get an answer from now, ascending. */
  List<Integer> readyVersions() {
    return places.entrySet().stream()
        .filter(place -> place.getValue().servable() != null)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** What a request may name, ascending, with what hinders it. */
  Stream<Servables.Listed> listed() {
    return places.entrySet().stream()
        .map(
            place -> new Servables.Listed(name, place.getKey(), place.getValue().why()));
  }

  Servable find(VersionSelector selector) throws NotServedException {
    return switch (selector) {
      case Live(VersionSelector.Traits traits) -> byTraffic(traits);
      case Exact(int version) -> exact(version);
      case Alias(String alias) -> byAlias(alias);
      case InStage(Stage stage) -> inStage(stage);
    };
  }

  private Servable byTraffic(VersionSelector.Traits traits) throws NotServedException {
    if (live == null) {
      throw new NotServedException(
          Reason.NO_LIVE_VERSION, "model '" + name + "' has no live version" + named());
    }
    if (!shares.isEmpty()) {
      int point = point(traits);
      for (Feed.TrafficShare share : shares) {
        point -= share.weight();
        if (point < 0) {
          Place place = places.get(share.version());
          if (place != null && place.servable() != null) {
            return place.servable();
          }
          break;
        }
      }
    }
    return ready(live, "is live and");
  }

  /** Where on the scale of the shares a request falls: the same key on the same point, in every step and on every replica. */
  private int point(VersionSelector.Traits traits) {
    ReleaseStrategy.Sticky sticky = split == null ? null : split.sticky();
    Integer key = null;
    if (sticky != null && sticky.header() != null) {
      String value = traits.header(sticky.header());
      key = value == null ? null : value.hashCode();
    } else if (sticky != null && sticky.request()) {
      key = traits.contentHash();
    }
    return key == null
        ? ThreadLocalRandom.current().nextInt(WHOLE)
        : Math.floorMod(mix(key ^ name.hashCode()), WHOLE);
  }

  private Servable exact(int version) throws NotServedException {
    if (!places.containsKey(version)) {
      throw new NotServedException(
          Reason.VERSION_NOT_SERVED,
          "version " + version + " of model '" + name + "' is not served" + named());
    }
    return ready(version, "is");
  }

  private Servable byAlias(String alias) throws NotServedException {
    Integer version = aliases.get(alias);
    if (version == null || !places.containsKey(version)) {
      throw new NotServedException(
          Reason.VERSION_NOT_SERVED,
          "alias '" + alias + "' of model '" + name + "' leads to no version that is served"
              + (aliases.isEmpty()
                  ? ""
                  : "; aliases served: "
                      + String.join(", ", aliases.keySet().stream().sorted().toList())));
    }
    return ready(version, "is");
  }

  private Servable inStage(Stage stage) throws NotServedException {
    if (stage == Stage.PRODUCTION && live != null) {
      return ready(live, "is live and");
    }
    if (stage == Stage.STAGING && staged != null) {
      return ready(staged, "is");
    }
    throw new NotServedException(
        Reason.VERSION_NOT_SERVED,
        "model '" + name + "' has no version served in stage " + stage + named());
  }

  private Servable ready(int version, String is) throws NotServedException {
    Place place = places.get(version);
    if (place == null || place.servable() == null) {
      throw new NotServedException(
          Reason.NOT_READY,
          "version " + version + " of model '" + name + "' " + is + " not ready on this replica: "
              + (place == null ? "not in the feed" : place.why()));
    }
    return place.servable();
  }

  private String named() {
    return places.isEmpty() ? "" : "; versions served: " + places.keySet();
  }

  /** Rule 10: what a release merely prepares answers nobody, unless traffic is already sent to it. */
  private static boolean answers(Feed.Model model, Feed.Version version) {
    return version.roles().stream().anyMatch(ANSWERING::contains)
        || model.traffic().stream()
            .anyMatch(share -> share.version() == version.number() && share.weight() > 0);
  }

  private static Integer live(Feed.Model model) {
    return model
        .live()
        .map(Feed.Version::number)
        .orElseGet(() -> model.traffic().stream()
            .filter(share -> share.weight() > 0)
            .max(java.util.Comparator.comparingInt(Feed.TrafficShare::weight))
            .map(Feed.TrafficShare::version)
            .orElse(null));
  }

  /** Spreads neighbouring hash codes over the whole range (MurmurHash3, fmix32). */
  private static int mix(int hash) {
    int mixed = hash ^ (hash >>> 16);
    mixed *= 0x85ebca6b;
    mixed ^= mixed >>> 13;
    mixed *= 0xc2b2ae35;
    return mixed ^ (mixed >>> 16);
  }
}
