package dev.slipway.registry.api;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.slipway.registry.access.Callers;
import dev.slipway.registry.access.Principal;
import dev.slipway.registry.access.Principals;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.idempotency.Idempotency.Outcome;
import dev.slipway.registry.problem.RegistryException.NotFound;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** Principals and their roles; who the caller is. */
@Path("/api/v1")
@Consumes(MediaType.APPLICATION_JSON)
public class AccessResource {
  private static final String DEED = "change principals";

  private final Principals principals;
  private final Callers callers;
  private final Posts posts;

  AccessResource(Principals principals, Callers callers, Posts posts) {
    this.principals = principals;
    this.callers = callers;
    this.posts = posts;
  }

  record PrincipalsJson(List<Principal> principals) {}

  /** Roles in their own order: what stands in a Set of the same roles differs from one start to the next, and so would the body's hash. */
  record New(
      String name, @JsonSetter(contentNulls = Nulls.FAIL) EnumSet<Role> roles) {}

  record Roles(@JsonSetter(contentNulls = Nulls.FAIL) EnumSet<Role> roles) {}

  record Me(String name, Set<Role> roles) {}

  @GET
  @Path("/me")
  public Me me() {
    return new Me(callers.current().name(), callers.current().roles());
  }

  @GET
  @Path("/principals")
  public PrincipalsJson list() {
    return new PrincipalsJson(principals.list());
  }

  @GET
  @Path("/principals/{name}")
  public Principal get(@PathParam("name") String name) {
    return principals
        .find(name)
        .orElseThrow(
            () -> new NotFound("principal-not-found", "there is no principal '" + name + "'"));
  }

  @POST
  @Path("/principals")
  @APIResponse(
      responseCode = "201",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Principal.class)))
  public Response create(New wanted) {
    New body = Web.body(wanted);
    callers.current().require(Role.ADMIN, DEED);
    return posts.run(
        body,
        () -> Outcome.created(
            principals.put(callers.current(), body.name(), body.roles()),
            "/api/v1/principals/" + Web.segment(String.valueOf(body.name()))));
  }

  @PUT
  @Path("/principals/{name}")
  public Principal put(@PathParam("name") String name, Roles body) {
    callers.current().require(Role.ADMIN, DEED);
    return principals.put(callers.current(), name, Web.body(body).roles());
  }

  @DELETE
  @Path("/principals/{name}")
  public void delete(@PathParam("name") String name) {
    callers.current().require(Role.ADMIN, DEED);
    principals.delete(callers.current(), name);
  }
}
