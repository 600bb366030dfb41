package dev.slipway.registry.api;

import dev.slipway.registry.release.Feeds;
import dev.slipway.registry.release.Replicas;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The serving processes: what each should have loaded, and what it has. */
@Path("/api/v1/replicas")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ReplicaResource {
  private final Replicas replicas;
  private final Feeds feeds;

  ReplicaResource(Replicas replicas, Feeds feeds) {
    this.replicas = replicas;
    this.feeds = feeds;
  }

  @GET
  @Operation(
      summary = "Desired against actual, replica by replica; those silent for a day are forgotten")
  public ReplicaJson.ListJson list() {
    return ReplicaJson.of(replicas.list(), feeds.current());
  }
}
