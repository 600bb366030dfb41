package dev.slipway.registry.web;

import dev.slipway.registry.review.Request;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A request in a list.
 *
 * @param checks how its checks stand, with a sign and in words; empty where there are none
 */
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
    String checks,
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
        checks(request),
        frame.moment(request.createdAt()));
  }

  /** The worst that there is: what a reviewer would look for first. */
  private static String checks(Request request) {
    Map<String, Long> counts = request.checks().stream()
        .map(Request.CheckView::verdict)
        .map(it -> it.equals("pending") || it.equals("stale") ? "awaited" : it)
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    for (var sign : List.of(
        Map.entry("red", "✗"),
        Map.entry("awaited", "●"),
        Map.entry("warning", "!"),
        Map.entry("green", "✓"))) {
      Long count = counts.get(sign.getKey());
      if (count != null) {
        return sign.getValue() + " " + count + " " + sign.getKey()
            + (count > 1 && sign.getKey().equals("warning") ? "s" : "");
      }
    }
    return "";
  }
}
