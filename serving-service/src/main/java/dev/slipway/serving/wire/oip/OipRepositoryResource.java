package dev.slipway.serving.wire.oip;

import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.serving.fleet.Servables;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.wire.http.Payload;
import dev.slipway.serving.wire.http.SmallBodies;
import dev.slipway.serving.wire.json.JsonBody;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/** Triton's model repository extension: what is loaded can be read here, and is decided by the registry. */
@Path("/v2/repository")
@Consumes(MediaType.WILDCARD)
@NonBlocking
public class OipRepositoryResource {
  private final Servables servables;
  private final JsonBody json;
  private final SmallBodies questions;

  OipRepositoryResource(Servables servables, JsonBody json, SmallBodies questions) {
    this.servables = servables;
    this.json = json;
    this.questions = questions;
  }

  /** All that may be named; with {@code {"ready": true}} only what answers. */
  @POST
  @Path("/index")
  public CompletionStage<Response> index(@Context HttpServerRequest request) {
    return questions
        .read(request)
        .handle((question, failure) ->
            failure == null ? answer(question) : refused((InferenceException) failure));
  }

  private Response answer(byte[] question) {
    try {
      boolean onlyReady = question.length > 0 && onlyReady(question);
      return Response.ok(index(onlyReady), Payload.JSON).build();
    } catch (InferenceException e) {
      return refused(e);
    }
  }

  private static Response refused(InferenceException e) {
    return response(e.kind().httpStatus(), OipDialect.error(e.getMessage()));
  }

  private boolean onlyReady(byte[] question) throws InferenceException {
    return json.read(question, 0, question.length, parser -> {
      JsonBody.expect(parser, JsonToken.START_OBJECT, "the request");
      boolean ready = false;
      for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
        parser.nextToken();
        if (field.equals("ready")) {
          ready = Boolean.TRUE.equals(OipParameters.flag(parser, field));
        } else {
          parser.skipChildren();
        }
      }
      return ready;
    });
  }

  private byte[] index(boolean onlyReady) {
    return Payload.array(out -> {
      for (Servables.Listed listed : servables.index()) {
        boolean ready = listed.hindrance() == null;
        if (onlyReady && !ready) {
          continue;
        }
        out.writeStartObject();
        out.writeStringField("name", listed.model());
        out.writeStringField("version", Integer.toString(listed.version()));
        out.writeStringField("state", ready ? "READY" : "UNAVAILABLE");
        out.writeStringField("reason", ready ? "" : listed.hindrance());
        out.writeEndObject();
      }
    });
  }

  @POST
  @Path("/models/{model}/load")
  public Response load(@PathParam("model") String model) {
    return refuse("loaded", model);
  }

  @POST
  @Path("/models/{model}/unload")
  public Response unload(@PathParam("model") String model) {
    return refuse("unloaded", model);
  }

  private static Response refuse(String what, String model) {
    return response(
        409,
        OipDialect.error("model '" + model + "' is not " + what
            + " from here: the registry decides what is served; promote, roll back or retire it"
            + " there"));
  }

  private static Response response(int status, Payload payload) {
    return Response.status(status)
        .type(payload.contentType())
        .entity(payload.body())
        .build();
  }
}
