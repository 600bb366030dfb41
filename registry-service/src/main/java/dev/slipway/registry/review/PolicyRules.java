package dev.slipway.registry.review;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.slipway.common.stage.Stage;
import dev.slipway.registry.access.Role;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

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
 * @throws IllegalArgumentException when a rule makes no sense; the message says which
 */
public record PolicyRules(
    PolicyMode mode, Map<Stage, MoveRule> moves, int rollbackApprovals, boolean requesterCounts) {

  static final int MAX_APPROVALS = 20;
  static final Set<Role> DEFAULT_ROLES = Set.of(Role.REVIEWER, Role.RELEASER, Role.ADMIN);

  /**
   * What entering one stage needs: {@code approvals} valid ones, each by somebody who has one of {@code roles}, and a green
   * report of each check that {@code checks} names.
   */
  public record MoveRule(int approvals, Set<Role> roles, Set<String> checks) {
    public MoveRule {
      requireCount(approvals);
      roles = roles == null || roles.isEmpty() ? DEFAULT_ROLES : Set.copyOf(roles);
      checks = checks == null ? Set.of() : Set.copyOf(checks);
    }

    MoveRule(int approvals, Set<Role> roles) {
      this(approvals, roles, Set.of());
    }

    /** Whether the move is made as soon as it is asked for. */
    @JsonIgnore
    boolean needsNothing() {
      return approvals == 0 && checks.isEmpty();
    }

    static MoveRule none() {
      return new MoveRule(0, DEFAULT_ROLES);
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
  }

  /** Staging at once, Production with one approval, rollback at once. */
  public static PolicyRules reviewed() {
    return new PolicyRules(
        PolicyMode.REVIEWED,
        Map.of(Stage.STAGING, MoveRule.none(), Stage.PRODUCTION, new MoveRule(1, DEFAULT_ROLES)),
        0,
        false);
  }

  /** MLflow parity: every move at once, by everybody. */
  public static PolicyRules open() {
    return new PolicyRules(PolicyMode.OPEN, Map.of(), 0, false);
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
      return new MoveRule(rollbackApprovals, production.roles());
    }
    if (live && from == Stage.PRODUCTION) {
      // Its checks speak for a version that comes in, not for one that goes.
      return new MoveRule(production.approvals(), production.roles());
    }
    return moves.getOrDefault(to, MoveRule.none());
  }

  private static void requireCount(int approvals) {
    if (approvals < 0 || approvals > MAX_APPROVALS) {
      throw new IllegalArgumentException(
          "a number of approvals is 0 to " + MAX_APPROVALS + ", not " + approvals);
    }
  }
}
