package dev.slipway.registry.review;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.slipway.common.stage.Stage;
import dev.slipway.registry.access.Role;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a model's moves need. Immutable; each change is a new numbered record, and open approvals name the one they were given
 * under.
 *
 * @param mode whether stages are reviewed at all
 * @param moves by the stage entered; a stage that is not named needs nothing. Retiring the live version needs what entering
 *     Production needs
 * @param rollbackApprovals approvals that a rollback needs, from the roles of Production; 0 is the default, so that nobody on
 *     call is stopped
 * @param requesterCounts always false: it is shown so that a reader need not guess
 * @param bypassRoles who may make a guarded move without what it needs, giving a reason; empty for nobody
 * @param protectedAliases aliases that move only by a request, which needs what entering Production needs
 * @throws IllegalArgumentException when a rule makes no sense; the message says which
 */
public record PolicyRules(
    PolicyMode mode,
    Map<Stage, MoveRule> moves,
    int rollbackApprovals,
    boolean requesterCounts,
    @JsonSetter(contentNulls = Nulls.FAIL) Set<Role> bypassRoles,
    @JsonSetter(contentNulls = Nulls.FAIL) Set<String> protectedAliases) {

  /** The most approvals that anything can need. */
  public static final int MAX_APPROVALS = 20;

  static final Set<Role> DEFAULT_ROLES = Set.of(Role.REVIEWER, Role.RELEASER, Role.ADMIN);

  /**
   * What entering one stage needs.
   *
   * @param approvals valid ones, each by somebody who has one of {@code roles}
   * @param checks those that must be green
   * @param thresholds what a check compares with, by the check's name and then by the figure's: whoever runs the check reads them
   * @param reporters who may report a check; empty for everybody who is named and made neither the request nor
   *     the version
   * @param uploaderMayApprove whether the approval of whoever made the version counts
   * @param expiresAfter how long a request waits, as ISO-8601 says it ({@code P7D}); null for ever
   * @param apply whether a request that has all it needs makes its move by itself
   * @param codeBearing what is done about files that bear code; null leaves the check {@code artifact-safety} red on them, for
   *     a policy that requires it and for people to see
   */
  public record MoveRule(
      int approvals,
      @JsonSetter(contentNulls = Nulls.FAIL) Set<Role> roles,
      @JsonSetter(contentNulls = Nulls.FAIL) Set<String> checks,
      Map<String, Map<String, Double>> thresholds,
      @JsonSetter(contentNulls = Nulls.FAIL) Set<Role> reporters,
      Boolean uploaderMayApprove,
      @JsonFormat(shape = JsonFormat.Shape.STRING) Duration expiresAfter,
      ApplyMode apply,
      CodeBearing codeBearing) {
    private static final Duration LONGEST = Duration.ofDays(3650);
    private static final String SAFETY = "artifact-safety";
    private static final String CODE_FILES = "code_files";
    private static final double ANY_NUMBER = 1e9;

    public MoveRule {
      requireCount(approvals);
      roles = roles == null || roles.isEmpty() ? DEFAULT_ROLES : Set.copyOf(roles);
      checks = checks == null ? Set.of() : Set.copyOf(checks);
      thresholds = copy(thresholds);
      if (codeBearing != null) {
        thresholds = withCodeFiles(thresholds, codeBearing);
      }
      if (codeBearing == CodeBearing.REFUSED) {
        checks = Stream.concat(checks.stream(), Stream.of(SAFETY))
            .collect(Collectors.toUnmodifiableSet());
      }
      reporters = reporters == null ? Set.of() : Set.copyOf(reporters);
      uploaderMayApprove = !Boolean.FALSE.equals(uploaderMayApprove);
      apply = Objects.requireNonNullElse(apply, ApplyMode.WHEN_COMPLETE);
      if (expiresAfter != null
          && (!expiresAfter.isPositive() || expiresAfter.compareTo(LONGEST) > 0)) {
        throw new IllegalArgumentException(
            "expires_after is longer than nothing and at most ten years, not " + expiresAfter);
      }
    }

    /** Approvals, and nothing else. */
    public MoveRule(int approvals, Set<Role> roles) {
      this(approvals, roles, null, null, null, null, null, null, null);
    }

    /** Without its checks: they speak for a version that comes in, not for one that goes. */
    MoveRule withoutChecks(int needed) {
      return new MoveRule(
          needed, roles, null, null, reporters, uploaderMayApprove, expiresAfter, apply, null);
    }

    /** Whether the move is made as soon as it is asked for. */
    @JsonIgnore
    public boolean needsNothing() {
      return approvals == 0 && checks.isEmpty();
    }

    /** Whether what it needs is all there, and a person still has to say so. */
    @JsonIgnore
    boolean isAppliedByHand() {
      return apply == ApplyMode.BY_HAND && !needsNothing();
    }

    /** The rule of a move that needs nothing. */
    public static MoveRule none() {
      return new MoveRule(0, DEFAULT_ROLES);
    }

    /** The check reads what the rule says as its own limit of such files. */
    private static Map<String, Map<String, Double>> withCodeFiles(
        Map<String, Map<String, Double>> thresholds, CodeBearing wanted) {
      double limit = wanted == CodeBearing.REFUSED ? 0 : ANY_NUMBER;
      var limits = new LinkedHashMap<>(thresholds.getOrDefault(SAFETY, Map.of()));
      Double before = limits.put(CODE_FILES, limit);
      if (before != null && before != limit) {
        throw new IllegalArgumentException("code_bearing is '" + wanted.label()
            + "', and the thresholds allow " + before + " code_files: say it once");
      }
      var all = new LinkedHashMap<>(thresholds);
      all.put(SAFETY, Map.copyOf(limits));
      return Map.copyOf(all);
    }

    private static Map<String, Map<String, Double>> copy(
        Map<String, Map<String, Double>> thresholds) {
      var copy = new LinkedHashMap<String, Map<String, Double>>();
      if (thresholds != null) {
        thresholds.forEach((check, limits) -> {
          if (limits == null || limits.values().stream().anyMatch(MoveRule::isNoNumber)) {
            throw new IllegalArgumentException(
                "the thresholds of '" + check + "' are named numbers");
          }
          copy.put(check, Map.copyOf(limits));
        });
      }
      return Map.copyOf(copy);
    }

    private static boolean isNoNumber(Double value) {
      return value == null || !Double.isFinite(value);
    }
  }

  public PolicyRules {
    if (mode == null) {
      throw new IllegalArgumentException("a policy has a mode: 'reviewed' or 'open'");
    }
    var copy = new LinkedHashMap<Stage, MoveRule>();
    if (moves != null) {
      moves.forEach((stage, rule) -> copy.put(stage, rule == null ? MoveRule.none() : rule));
    }
    moves = Map.copyOf(copy);
    requireCount(rollbackApprovals);
    if (requesterCounts) {
      throw new IllegalArgumentException(
          "requester_counts cannot be true: the requester's own approval never counts");
    }
    bypassRoles = bypassRoles == null ? Set.of() : Set.copyOf(bypassRoles);
    protectedAliases = protectedAliases == null ? Set.of() : Set.copyOf(protectedAliases);
  }

  PolicyRules(PolicyMode mode, Map<Stage, MoveRule> moves) {
    this(mode, moves, 0, false, null, null);
  }

  /** Staging at once, Production with one approval, rollback at once. */
  public static PolicyRules reviewed() {
    return new PolicyRules(
        PolicyMode.REVIEWED,
        Map.of(Stage.STAGING, MoveRule.none(), Stage.PRODUCTION, new MoveRule(1, DEFAULT_ROLES)));
  }

  /** MLflow parity: every move at once, by everybody. */
  public static PolicyRules open() {
    return new PolicyRules(PolicyMode.OPEN, Map.of());
  }

  @JsonIgnore
  public boolean isOpen() {
    return mode == PolicyMode.OPEN;
  }

  /** The rule for a move; {@code live} says whether the version is the live one, whose leaving Production is a retirement. */
  MoveRule ruleFor(Stage from, Stage to, boolean live) {
    if (isOpen()) {
      return MoveRule.none();
    }
    MoveRule production = moves.getOrDefault(Stage.PRODUCTION, MoveRule.none());
    if (to == Stage.PRODUCTION && from.moveTo(to) == Stage.Move.ROLLBACK_ONLY) {
      return production.withoutChecks(rollbackApprovals);
    }
    if (live && from == Stage.PRODUCTION) {
      return production.withoutChecks(production.approvals());
    }
    return moves.getOrDefault(to, MoveRule.none());
  }

  /** The aliases that are protected: none where stages are labels. */
  @JsonIgnore
  Set<String> guardedAliases() {
    return isOpen() ? Set.of() : protectedAliases;
  }

  /** The rule for letting an alias point at another version. */
  MoveRule ruleForAlias(String alias) {
    return !guardedAliases().contains(alias)
        ? MoveRule.none()
        : moves.getOrDefault(Stage.PRODUCTION, MoveRule.none());
  }

  private static void requireCount(int approvals) {
    if (approvals < 0 || approvals > MAX_APPROVALS) {
      throw new IllegalArgumentException(
          "a number of approvals is 0 to " + MAX_APPROVALS + ", not " + approvals);
    }
  }
}
