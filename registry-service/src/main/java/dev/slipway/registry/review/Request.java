package dev.slipway.registry.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.stage.Stage;
import java.time.Instant;
import java.util.List;

/**
 * A request to move a version, as people see it.
 *
 * @param digest of the version's files; null where it has no snapshot
 * @param liveDigest of the version that it is compared with; null when none was live
 * @param policy in force while it is open, that it was decided under after
 * @param releaseId of the release that carries it out; null when none does
 */
public record Request(
    long id,
    String model,
    int version,
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
    Long releaseId,
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

  /** What an external system found last under {@code name}; {@code data} as it came, or null. */
  public record CheckView(
      String name,
      String verdict,
      String summary,
      JsonNode data,
      String url,
      String reporter,
      Instant at) {}

  public record CommentView(String author, String body, Instant at) {}
}
