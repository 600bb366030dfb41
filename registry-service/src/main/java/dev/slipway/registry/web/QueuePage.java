package dev.slipway.registry.web;

import dev.slipway.registry.access.Browsed;
import dev.slipway.registry.review.Request;
import dev.slipway.registry.review.RequestState;
import dev.slipway.registry.review.Reviews;
import dev.slipway.registry.watch.Topic;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The requests that wait for a reviewer, and those that are done. */
@Path("/")
@Browsed
@RunOnVirtualThread
@Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
class QueuePage {
  private static final int SIZE = 50;
  private static final String ALL = "all";

  private final Reviews reviews;
  private final Frame frame;

  QueuePage(Reviews reviews, Frame frame) {
    this.reviews = reviews;
    this.frame = frame;
  }

  @GET
  @Path("requests")
  public Response list(
      @QueryParam("state") @DefaultValue("open") String state,
      @QueryParam("model") @DefaultValue("") String model,
      @QueryParam("before") Long before) {
    return frame.show(() -> {
      String events = frame.events(new Topic.OfQueue());
      List<Request> found = reviews.list(
          model.isEmpty() ? null : model,
          null,
          state.equals(ALL) ? null : RequestState.of(state),
          before == null ? Long.MAX_VALUE : before,
          SIZE + 1);
      List<Request> shown = found.size() > SIZE ? found.subList(0, SIZE) : found;
      String next = found.size() > SIZE
          ? "/requests?state=" + state + (model.isEmpty() ? "" : "&model=" + Links.segment(model))
              + "&before=" + shown.getLast().id()
          : "";
      return new Face(
          Templates.requests(
              frame.shell("Requests", null, events),
              new QueueView(
                  state,
                  model,
                  states(state),
                  shown.stream().map(request -> RequestLine.of(request, frame)).toList(),
                  next,
                  command())),
          new PageJson.Requests(shown, PageJson.text(next)));
    });
  }

  private static List<QueueView.State> states(String current) {
    return Stream.concat(
            Arrays.stream(RequestState.values()).map(RequestState::label), Stream.of(ALL))
        .map(label -> new QueueView.State(label, label.equals(current)))
        .toList();
  }

  private String command() {
    return "./slipway promote iris:1 --to production -m 'why' --registry " + frame.base();
  }
}
