package dev.slipway.registry.mlflow;

import dev.slipway.registry.access.Callers;
import dev.slipway.registry.mlflow.RegistryMessages.ModelVersionAnswer;
import dev.slipway.registry.model.Models;
import dev.slipway.registry.model.Versions;
import dev.slipway.registry.review.Aliases;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;

/** {@code registered-models/alias}: names for versions. "latest" is one that nobody sets: it stands for the highest number. */
@Path("/api/2.0/mlflow/registered-models/alias")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
@MlflowDialect
@RunOnVirtualThread
class AliasesResource {
  private final Models models;
  private final Aliases aliases;
  private final Versions versions;
  private final LatestVersions latest;
  private final Callers callers;
  private final Requests requests;

  AliasesResource(
      Models models,
      Aliases aliases,
      Versions versions,
      LatestVersions latest,
      Callers callers,
      Requests requests) {
    this.models = models;
    this.aliases = aliases;
    this.versions = versions;
    this.latest = latest;
    this.callers = callers;
    this.requests = requests;
  }

  @POST
  public Messages.Empty set(@Context HttpHeaders headers, @Context UriInfo uri, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    request.require("version");
    String name = RegistryNames.model(request);
    String alias = RegistryNames.newAlias(request);
    aliases
        .set(callers.current(), name, alias, RegistryNames.version(request))
        .ifPresent(waiting -> {
          throw Transitions.denied(waiting, uri.getBaseUri());
        });
    return new Messages.Empty();
  }

  /** Deleting one that is not there is no error; its model must be. */
  @DELETE
  public Messages.Empty delete(byte[] body) {
    MlflowRequest request = requests.body(body);
    String name = RegistryNames.model(request);
    String alias = RegistryNames.alias(request);
    if (models.get(name).aliases().containsKey(alias)) {
      aliases.delete(callers.current(), name, alias);
    }
    return new Messages.Empty();
  }

  @GET
  public ModelVersionAnswer get(@Context UriInfo uri, byte[] body) {
    MlflowRequest request = requests.get(uri, body);
    String name = RegistryNames.model(request);
    String alias = RegistryNames.alias(request);
    return ModelVersionAnswer.of(
        alias.equalsIgnoreCase("latest")
            ? latest.highest(models.get(name))
            : versions.getByAlias(name, alias));
  }
}
