package dev.slipway.registry.api;

import dev.slipway.registry.release.Release;
import dev.slipway.registry.release.Releases;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** What was live, from the latest on. */
@Path("/api/v1/models/{model}/releases")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ModelReleasesResource {
  private final Releases releases;

  ModelReleasesResource(Releases releases) {
    this.releases = releases;
  }

  record ReleasePage(List<Release> releases, String nextPageToken) {}

  @GET
  public ReleasePage list(
      @PathParam("model") String model,
      @QueryParam("page_size") Integer size,
      @QueryParam("page_token") String token) {
    int limit = Web.pageSize(size);
    List<Release> found = releases.list(model, Paging.before(token), limit + 1);
    return new ReleasePage(Paging.cut(found, limit), Paging.next(found, limit, Release::id));
  }
}
