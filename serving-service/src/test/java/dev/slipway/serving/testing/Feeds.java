package dev.slipway.serving.testing;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.Feed;
import dev.slipway.common.feed.Role;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.stage.Stage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Feeds in few words. */
public final class Feeds {
  private Feeds() {}

  public static Feed feed(long revision, Feed.Model... models) {
    return new Feed("epoch-1", revision, List.of(models));
  }

  /** All traffic goes to the version with the role LIVE, if there is one. */
  public static Feed.Model model(String name, Feed.Version... versions) {
    return model(name, ServingSettings.defaults(), versions);
  }

  public static Feed.Model model(String name, ServingSettings settings, Feed.Version... versions) {
    List<Feed.TrafficShare> traffic = Arrays.stream(versions)
        .filter(version -> version.roles().contains(Role.LIVE))
        .map(version -> new Feed.TrafficShare(version.number(), 10_000))
        .toList();
    return new Feed.Model(name, List.of(versions), traffic, settings, 1, Map.of(), Map.of());
  }

  public static Feed.Version version(int number, Digest digest, Role... roles) {
    Set<Role> all = Set.of(roles);
    Stage stage = all.contains(Role.LIVE)
        ? Stage.PRODUCTION
        : all.contains(Role.STAGED) || all.contains(Role.PREPARE) ? Stage.STAGING : Stage.ARCHIVED;
    return new Feed.Version(number, digest, all, stage);
  }

  /** The same version, which nobody has tried yet. */
  public static Feed.Version untried(Feed.Version version) {
    return new Feed.Version(
        version.number(), version.digest(), version.roles(), version.stage(), true);
  }

  /** A digest for tests in which no bytes matter. */
  public static Digest digest(String of) {
    return Digest.of(of.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
