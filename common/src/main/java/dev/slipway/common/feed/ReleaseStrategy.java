package dev.slipway.common.feed;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Locale;

/**
 * How a promotion brings the traffic to the new version, once every replica has it READY.
 *
 * @param kind direct when null
 * @param steps what is done before all traffic goes there; null for the kind's usual ones. A last step of 100 percent may be left
 *     out
 * @param sticky what keeps a caller on one version during the steps; null for chance
 * @param limits what ends a step badly; null for the defaults
 */
public record ReleaseStrategy(
    Kind kind,
    @JsonSetter(contentNulls = Nulls.FAIL) List<Step> steps,
    Sticky sticky,
    StepLimits limits) {
  private static final List<Step> CANARY =
      List.of(new Step(1, 0, 60L), new Step(10, 0, 300L), new Step(50, 0, 300L));
  private static final List<Step> SHADOW = List.of(new Step(0, 100, null));

  /** What the registry does with the traffic. */
  public enum Kind {
    /** Everything at once. */
    DIRECT,
    /** Growing shares of the requests are answered by the new version. */
    CANARY,
    /** Requests are mirrored to the new version, whose answers are compared and dropped. */
    SHADOW;

    @JsonValue
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static Kind of(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * One step.
   *
   * @param percent of the requests that name no version, answered by the new one: 0 to 100, to the hundredth
   * @param shadowPercent of what the live version answers, mirrored to the new one
   * @param seconds that it lasts at least; null until a person says
   */
  public record Step(double percent, double shadowPercent, Long seconds) {
    /** The share in basis points. */
    public int weight() {
      return (int) Math.round(percent * 100);
    }

    /** The mirrored share in basis points. */
    public int shadowWeight() {
      return (int) Math.round(shadowPercent * 100);
    }
  }

  /**
   * What a caller stays on one version by.
   *
   * @param header name of the request header whose value decides; null when {@code request} does
   * @param request whether the request's own bytes decide, so that equal requests are answered by one version
   */
  public record Sticky(String header, boolean request) {}

  public static ReleaseStrategy direct() {
    return new ReleaseStrategy(Kind.DIRECT, null, null, null);
  }

  /** The steps before all traffic goes to the new version; empty for a direct release. */
  public List<Step> stepsBeforeAll() {
    List<Step> all = switch (kind == null ? Kind.DIRECT : kind) {
      case DIRECT -> List.<Step>of();
      case CANARY -> steps == null ? CANARY : steps;
      case SHADOW -> steps == null ? SHADOW : steps;
    };
    return !all.isEmpty() && all.getLast().percent() >= 100 ? all.subList(0, all.size() - 1) : all;
  }

  public StepLimits limitsOrDefaults() {
    return limits == null ? StepLimits.defaults() : limits;
  }
}
