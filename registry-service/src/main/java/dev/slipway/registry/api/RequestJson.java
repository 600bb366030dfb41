package dev.slipway.registry.api;

import dev.slipway.common.stage.Stage;
import dev.slipway.registry.review.Request;
import dev.slipway.registry.review.RequestState;
import java.util.List;

/** Bodies of the calls about requests. */
final class RequestJson {
  private RequestJson() {}

  /** @param archiveExisting only under an open policy: whether the others in {@code to} go to Archived (default no) */
  record New(Integer version, Stage to, String comment, Boolean archiveExisting) {}

  /** @param liveDigest of an approval: the live version's digest that it was compared with */
  record Remark(String comment, String liveDigest) {}

  /** @param reason shown with the request, in the history and the audit log for ever */
  record Bypass(String reason) {}

  record NewComment(String body) {}

  record ListJson(List<Request> requests, String nextPageToken) {}

  record CommentList(List<Request.CommentView> comments) {}

  /** The state that a query names; null when it names none. */
  static RequestState state(String label) {
    return label == null || label.isEmpty() ? null : RequestState.of(label);
  }
}
