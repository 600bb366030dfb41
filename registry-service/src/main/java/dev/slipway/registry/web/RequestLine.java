package dev.slipway.registry.web;

import dev.slipway.registry.review.Request;

/** A request in a list. */
public record RequestLine(
    long id,
    String href,
    String model,
    int version,
    String from,
    String to,
    String state,
    String requester,
    int needed,
    int valid,
    Moment created) {

  static RequestLine of(Request request, Frame frame) {
    return new RequestLine(
        request.id(),
        Links.request(request.id()),
        request.model(),
        request.version(),
        request.from().label(),
        request.alias() == null ? request.to().label() : "@" + request.alias(),
        request.state().label(),
        request.requester(),
        request.approvalsNeeded(),
        request.approvalsValid(),
        frame.moment(request.createdAt()));
  }
}
