package dev.slipway.registry.web;

import java.util.List;

/**
 * A request, like a pull request.
 *
 * @param versionHref empty when the version was deleted since
 * @param replacing the live version that it would replace; null when none is live
 * @param reason why it is in its state; may be null
 * @param waitsFor what it still needs, in words; empty once it is closed
 * @param liveDigest of the live version on this page: what an approval says it was compared with; may be null
 * @param breaking what callers of the live version lose; empty for nothing
 * @param approve why approving is not possible; empty when it is. So for {@code reject} and {@code withdraw}
 * @param evidence what the checks found, side by side
 * @param complete whether it has all it needs and waits for somebody to apply it
 * @param mayBypass whether the policy lets the caller go past what is missing
 * @param bypass by whom and why that was done; null when it was not
 * @param rerun why the checks cannot be made again; empty when they can
 * @param inspectsAgain whether making them again begins with looking at a version that could not be served
 * @param computed whether Slipway makes checks of it at all
 * @param release null until there is one
 */
public record RequestSheet(
    RequestLine line,
    String modelHref,
    String versionHref,
    Integer replacing,
    String replacingHref,
    String reason,
    String waitsFor,
    String comment,
    String digest,
    String liveDigest,
    boolean open,
    List<CheckLine> checks,
    List<Verdict> verdicts,
    List<Remark> remarks,
    List<Difference> schema,
    String schemaNote,
    String breaking,
    String approve,
    String reject,
    String withdraw,
    EvidenceView evidence,
    boolean computed,
    boolean complete,
    boolean mayBypass,
    Passed bypass,
    String rerun,
    boolean inspectsAgain,
    Outcome release) {

  /** @param voidReason empty when it counts */
  public record Verdict(
      String approver, String verdict, String comment, Moment at, String voidReason) {}

  public record Passed(String by, String reason, Moment at) {}

  public record Remark(String author, String body, Moment at) {}

  /**
   * One tensor of the two signatures.
   *
   * @param change "same", "added", "removed" or "changed"
   */
  public record Difference(String kind, String name, String change, String before, String after) {}

  /**
   * What came of it.
   *
   * @param from the version live now that a rollback takes away; null when it is no longer live
   * @param back what a rollback puts back; null when there is nothing
   */
  public record Outcome(
      long id, String state, String message, List<Replica> replicas, Integer from, Integer back) {}

  /** @param converged milliseconds until the switch was in force; null until then */
  public record Replica(String name, String state, Long converged, String message) {}
}
