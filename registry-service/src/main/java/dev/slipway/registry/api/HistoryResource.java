package dev.slipway.registry.api;

import dev.slipway.registry.model.Page;
import dev.slipway.registry.review.History;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** Who moved what, when and why. */
@Path("/api/v1/models/{model}/history")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class HistoryResource {
  private final History history;

  HistoryResource(History history) {
    this.history = history;
  }

  record HistoryPage(List<History.Entry> entries, String nextPageToken) {}

  @GET
  public HistoryPage history(
      @PathParam("model") String model,
      @QueryParam("page_size") Integer size,
      @QueryParam("page_token") String token) {
    Page<History.Entry> page = history.page(model, Web.pageSize(size), Web.key(token));
    return new HistoryPage(page.items(), Web.token(page.nextToken()));
  }
}
