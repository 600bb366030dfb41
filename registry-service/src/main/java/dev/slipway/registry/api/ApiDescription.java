package dev.slipway.registry.api;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/**
 * Says in the API's description what no method says of itself: the form of an error, which {@link ProblemMappers} and MLflow's
 * dialect give all of them, and the key under which a POST may be sent again.
 */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class ApiDescription implements OASFilter {
  private static final String JSON = "application/json";
  private static final String NATIVE = "/api/v1/";
  private static final String INTERNAL = "/internal/v1/";
  private static final String MLFLOW_API = "/api/";
  private static final String PROBLEM = "Problem";
  private static final String MLFLOW = "MlflowError";

  @Override
  public void filterOpenAPI(OpenAPI api) {
    api.getComponents()
        .addSchema(
            PROBLEM,
            object()
                .description("RFC 9457; what the error is about stands beside these by name")
                .addProperty("type", text())
                .addProperty("title", text())
                .addProperty("status", OASFactory.createSchema().addType(SchemaType.INTEGER))
                .addProperty("detail", text()))
        .addSchema(
            MLFLOW,
            object()
                .description("An error as MLflow's server writes it")
                .addProperty("error_code", text())
                .addProperty("message", text()));
    api.getPaths()
        .getPathItems()
        .forEach((path, item) ->
            item.getOperations().forEach((method, operation) -> describe(path, method, operation)));
  }

  private static void describe(String path, PathItem.HttpMethod method, Operation operation) {
    boolean isNative = path.startsWith(NATIVE) || path.startsWith(INTERNAL);
    if (!isNative && !path.startsWith(MLFLOW_API)) {
      return;
    }
    // The generator says 400 of every body, without its form.
    operation.getResponses().removeAPIResponse("400");
    operation
        .getResponses()
        .setDefaultValue(
            error(isNative ? "application/problem+json" : JSON, isNative ? PROBLEM : MLFLOW));
    if (method == PathItem.HttpMethod.POST && path.startsWith(NATIVE) && isKept(path)) {
      operation.addParameter(OASFactory.createParameter()
          .name("Idempotency-Key")
          .in(Parameter.In.HEADER)
          .description(
              "The same call under the same key is answered alike for 24 hours, and does nothing again")
          .schema(text()));
    }
  }

  /** The trial of a webhook is sent each time. */
  private static boolean isKept(String path) {
    return !path.endsWith("/test");
  }

  private static APIResponse error(String mediaType, String schema) {
    return OASFactory.createAPIResponse()
        .description("What was wrong, or is")
        .content(OASFactory.createContent()
            .addMediaType(
                mediaType,
                OASFactory.createMediaType()
                    .schema(OASFactory.createSchema().ref("#/components/schemas/" + schema))));
  }

  private static Schema object() {
    return OASFactory.createSchema().addType(SchemaType.OBJECT);
  }

  private static Schema text() {
    return OASFactory.createSchema().addType(SchemaType.STRING);
  }
}
