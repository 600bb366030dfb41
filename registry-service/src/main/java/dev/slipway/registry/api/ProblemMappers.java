package dev.slipway.registry.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import dev.slipway.common.store.ObjectStoreException;
import dev.slipway.registry.db.NulText;
import dev.slipway.registry.db.Trouble;
import dev.slipway.registry.problem.CallerGone;
import dev.slipway.registry.problem.RegistryException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.hibernate.StaleStateException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Every condition as application/problem+json (RFC 9457): a stable type, what happened, what to do. Never a class name, a path or
 * SQL.
 */
class ProblemMappers {
  private static final Logger LOG = Logger.getLogger(ProblemMappers.class);
  private static final String TYPE = "urn:slipway:problem:";
  private static final String MEDIA_TYPE = "application/problem+json";

  @Context
  UriInfo uri;

  @ServerExceptionMapper
  Response registry(RegistryException problem) {
    Response.ResponseBuilder response =
        problem(status(problem), problem.slug(), problem.getMessage(), problem.coordinates());
    if (problem instanceof RegistryException.Unavailable) {
      response.header("Retry-After", "2");
    }
    return response.build();
  }

  @ServerExceptionMapper
  Response store(ObjectStoreException problem) {
    return switch (problem) {
      case ObjectStoreException.Missing missing ->
        problem(
                500,
                "object-missing",
                "the store has lost an object that the registry knows",
                Map.of())
            .build();
      case ObjectStoreException.Unreachable away ->
        unavailable("the object store cannot be reached", away);
      case ObjectStoreException.Mismatch mismatch ->
        problem(409, "digest-mismatch", mismatch.getMessage(), Map.of()).build();
      case ObjectStoreException.SourceFailed broken ->
        problem(
                400,
                "upload-broken",
                "the body broke off before its end; nothing was stored",
                Map.of())
            .build();
    };
  }

  @ServerExceptionMapper
  Response constraint(jakarta.validation.ConstraintViolationException violations) {
    String detail = violations.getConstraintViolations().stream()
        .map(violation -> violation.getPropertyPath() + " " + violation.getMessage())
        .sorted()
        .collect(Collectors.joining("; "));
    return problem(400, "invalid-request", detail, Map.of()).build();
  }

  @ServerExceptionMapper
  Response argument(IllegalArgumentException wrong) {
    return problem(400, "invalid-request", wrong.getMessage(), Map.of()).build();
  }

  /** Named itself, because the platform has a mapper of its own for this one. */
  @ServerExceptionMapper
  Response mismatchedJson(com.fasterxml.jackson.databind.exc.MismatchedInputException wrong) {
    return malformed(wrong);
  }

  @ServerExceptionMapper
  Response json(JsonProcessingException wrong) {
    return malformed(wrong);
  }

  @ServerExceptionMapper
  Response stale(StaleStateException twin) {
    return problem(
            409,
            "changed-meanwhile",
            "somebody else changed it at the same moment: read it again",
            Map.of())
        .build();
  }

  @ServerExceptionMapper
  Response optimisticLock(jakarta.persistence.OptimisticLockException twin) {
    return problem(
            409,
            "changed-meanwhile",
            "somebody else changed it at the same moment: read it again",
            Map.of())
        .build();
  }

  @ServerExceptionMapper
  Response web(WebApplicationException thrown) {
    if (thrown.getCause() instanceof JsonProcessingException wrong) {
      return malformed(wrong);
    }
    int status = thrown.getResponse().getStatus();
    if (status < 400) {
      return thrown.getResponse();
    }
    String detail = switch (status) {
      case 404 -> "there is nothing at " + uri.getPath();
      case 405 -> "this method is not allowed at " + uri.getPath();
      case 415 -> "this media type is not taken here";
      case 406 -> "none of the media types that you accept can be given here";
      default ->
        status < 500
            ? "the request cannot be understood"
            : "the registry failed; the log says more";
    };
    return problem(status, slugOf(status), detail, Map.of()).build();
  }

  @ServerExceptionMapper
  Response anything(Throwable failure) {
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      switch (cause) {
        case RegistryException known -> {
          return registry(known);
        }
        case ObjectStoreException known -> {
          return store(known);
        }
        case StaleStateException twin -> {
          return stale(twin);
        }
        default -> {}
      }
    }
    Trouble trouble = Trouble.of(failure).orElse(null);
    if (trouble != null) {
      return unavailable(trouble.words(), failure);
    }
    if (NulText.isBehind(failure)) {
      return problem(400, "invalid-request", NulText.WORDS, Map.of()).build();
    }
    if (CallerGone.isBehind(failure)) {
      LOG.debug("the caller went away", failure);
    } else {
      LOG.error("request failed", failure);
    }
    return problem(500, "internal", "the registry failed; the log says more", Map.of())
        .build();
  }

  private Response malformed(JsonProcessingException wrong) {
    String where = wrong instanceof JsonMappingException mapping
            && !mapping.getPath().isEmpty()
        ? " at '"
            + mapping.getPath().stream()
                .map(step ->
                    step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining("."))
            + "'"
        : wrong.getLocation() == null
            ? ""
            : " at line " + wrong.getLocation().getLineNr() + ", column "
                + wrong.getLocation().getColumnNr();
    Throwable cause = wrong.getCause();
    String why = cause instanceof IllegalArgumentException ? ": " + cause.getMessage() : "";
    return problem(
            400,
            "malformed-json",
            "the body is not the JSON that is expected here" + where + why,
            Map.of())
        .build();
  }

  private Response unavailable(String detail, Throwable cause) {
    LOG.warnf("%s: %s", detail, cause.getMessage());
    return problem(503, "unavailable", detail + "; try again", Map.of())
        .header("Retry-After", "2")
        .build();
  }

  private static int status(RegistryException problem) {
    return switch (problem) {
      case RegistryException.NotFound notFound -> 404;
      case RegistryException.AlreadyExists exists -> 409;
      case RegistryException.Conflict conflict -> 409;
      case RegistryException.Invalid invalid -> 400;
      case RegistryException.Unprocessable unprocessable -> 422;
      case RegistryException.Forbidden forbidden -> 403;
      case RegistryException.Unauthenticated unauthenticated -> 401;
      case RegistryException.PreconditionFailed failed -> 412;
      case RegistryException.TooLarge tooLarge -> 413;
      case RegistryException.Unavailable away -> 503;
    };
  }

  private static String slugOf(int status) {
    return switch (status) {
      case 404 -> "not-found";
      case 405 -> "method-not-allowed";
      case 406 -> "not-acceptable";
      case 415 -> "unsupported-media-type";
      default -> status < 500 ? "invalid-request" : "internal";
    };
  }

  private static Response.ResponseBuilder problem(
      int status, String slug, String detail, Map<String, Object> coordinates) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", TYPE + slug);
    Response.StatusType known = Response.Status.fromStatusCode(status);
    body.put("title", known == null ? "Error" : known.getReasonPhrase());
    body.put("status", status);
    body.put("detail", detail);
    body.putAll(coordinates);
    return Response.status(status).type(MediaType.valueOf(MEDIA_TYPE)).entity(body);
  }
}
