package dev.slipway.registry.mlflow;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.review.Request;
import dev.slipway.registry.review.VersionComments.Comment;
import java.util.List;

/** The messages of the hosted registry's workflow calls (Databricks' "Transition requests" and "Comments" API, 2.0). */
final class WorkflowMessages {
  private WorkflowMessages() {}

  /** Whoever asked may take it back; the others decide. */
  record TransitionRequestMessage(
      String id,
      long creationTimestamp,
      String userId,
      String toStage,
      String comment,
      List<String> availableActions) {
    static TransitionRequestMessage of(Request request, Caller caller) {
      return new TransitionRequestMessage(
          String.valueOf(request.id()),
          request.createdAt().toEpochMilli(),
          request.requester(),
          request.to().label(),
          request.comment(),
          request.requester().equals(caller.name())
              ? List.of("CANCEL_TRANSITION_REQUEST")
              : List.of("APPROVE_TRANSITION_REQUEST", "REJECT_TRANSITION_REQUEST"));
    }
  }

  record TransitionRequestAnswer(TransitionRequestMessage request) {}

  record TransitionRequests(List<TransitionRequestMessage> requests) {}

  record ActivityMessage(
      String id,
      String activityType,
      long creationTimestamp,
      long lastUpdatedTimestamp,
      String userId,
      String fromStage,
      String toStage,
      String comment,
      String systemComment) {
    static ActivityMessage of(String type, Request request, Caller caller, String comment) {
      return new ActivityMessage(
          String.valueOf(request.id()),
          type,
          request.createdAt().toEpochMilli(),
          request.updatedAt().toEpochMilli(),
          caller.name(),
          request.from().label(),
          request.to().label(),
          comment,
          "request " + request.id() + " is " + request.state().label() + ", with "
              + request.approvalsValid() + " of " + request.approvalsNeeded() + " approvals");
    }
  }

  record ActivityAnswer(ActivityMessage activity) {}

  record CommentMessage(
      String id,
      String comment,
      long creationTimestamp,
      long lastUpdatedTimestamp,
      String userId,
      List<String> availableActions) {
    static CommentMessage of(Comment comment) {
      return new CommentMessage(
          String.valueOf(comment.id()),
          comment.body(),
          comment.createdAt().toEpochMilli(),
          comment.updatedAt().toEpochMilli(),
          comment.author(),
          List.of("EDIT_COMMENT", "DELETE_COMMENT"));
    }
  }

  record CommentAnswer(CommentMessage comment) {}

  record HostedVersionAnswer(RegistryMessages.ModelVersionMessage modelVersionDatabricks) {
    static HostedVersionAnswer of(VersionView version) {
      return new HostedVersionAnswer(RegistryMessages.ModelVersionMessage.of(version));
    }
  }
}
