package dev.slipway.registry.web;

import dev.slipway.registry.access.Browsed;
import dev.slipway.registry.watch.Topic;
import dev.slipway.registry.watch.Watch;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import org.jboss.resteasy.reactive.ResponseHeader;

/**
 * Server-sent events that say that a page is out of date, and nothing more: what is new, the page itself tells whoever may see it.
 */
@Path("/events")
@Browsed
class EventsPage {
  private final Watch watch;

  EventsPage(Watch watch) {
    this.watch = watch;
  }

  /**
   * @param since the stamp of what the page shows
   * @param last the one of the last event, from a browser that comes back
   */
  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @ResponseHeader(name = "Cache-Control", value = "no-store")
  @ResponseHeader(name = "X-Accel-Buffering", value = "no")
  @Blocking
  @RunOnVirtualThread
  public Multi<OutboundSseEvent> follow(
      @QueryParam("topic") String topic,
      @QueryParam("since") @DefaultValue("") String since,
      @HeaderParam("Last-Event-ID") @DefaultValue("") String last,
      @Context Sse sse) {
    Topic wanted = Topic.of(topic);
    return Multi.createFrom()
        .emitter(
            out -> {
              Runnable leave =
                  watch.follow(wanted, last.isEmpty() ? since : last, new Tab(out, sse));
              out.onTermination(leave);
              out.emit(sse.newEventBuilder().comment("following").build());
            },
            BackPressureStrategy.LATEST);
  }

  private record Tab(MultiEmitter<? super OutboundSseEvent> out, Sse sse) implements Watch.Viewer {
    @Override
    public void changed(String stamp) {
      out.emit(sse.newEventBuilder().name("changed").id(stamp).data(stamp).build());
    }

    @Override
    public void quiet() {
      out.emit(sse.newEventBuilder().comment("nothing new").build());
    }

    @Override
    public void end() {
      out.complete();
    }
  }
}
