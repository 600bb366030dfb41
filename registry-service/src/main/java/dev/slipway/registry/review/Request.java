package dev.slipway.registry.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.stage.Stage;
import java.time.Instant;
import java.util.List;

/**
 * A request to move a version, as people see it.
 *
 * @param alias that it would let point at the version, whose stage stays as it is; null for a move between stages
 * @param digest of the version's files; null where it has no snapshot
 * @param liveDigest of the version that it is compared with, the live one or the alias's; null when there was none
 * @param policy in force while it is open, that it was decided under after
 * @param complete whether it is open and has all it needs: it waits for somebody to apply it
 * @param bypass by whom and why it was carried out without what it needs; null when it was not
 * @param expiresAt when it ends by itself while it is open; null for never
 * @param releaseId of the release that carries it out; null when none does
 */
public record Request(
    long id,
    String model,
    int version,
    String alias,
    Stage from,
    Stage to,
    RequestState state,
    String stateReason,
    String requester,
    String comment,
    String digest,
    String liveDigest,
    Policy policy,
    int approvalsNeeded,
    int approvalsValid,
    List<ApprovalView> approvals,
    List<CommentView> comments,
    List<CheckView> checks,
    boolean complete,
    Bypass bypass,
    Long releaseId,
    Instant expiresAt,
    Instant createdAt,
    Instant updatedAt) {

  /** @param voided shown as {@code void}: it counts for nothing, for {@code voidReason} */
  public record ApprovalView(
      String approver,
      String verdict,
      String comment,
      Instant at,
      @com.fasterxml.jackson.annotation.JsonProperty("void") boolean voided,
      String voidReason) {}

  /**
   * What was found last under {@code name}; {@code data} as it came, or null.
   *
   * @param source "external", or "slipway" for one of its own checks
   * @param verdict green or red; one of Slipway's own may also be pending, warning, stale, which shows what was found before, or
   *     not_run, where the request closed first
   */
  public record CheckView(
      String name,
      String source,
      String verdict,
      String summary,
      JsonNode data,
      String url,
      String reporter,
      Instant at) {
    CheckView as(String other) {
      return new CheckView(name, source, other, summary, data, url, reporter, at);
    }
  }

  public record Bypass(String by, String reason, Instant at) {}

  public record CommentView(String author, String body, Instant at) {}
}
