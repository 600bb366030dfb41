package dev.slipway.serving.wire.friendly;

import dev.slipway.serving.wire.http.Payload;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * {@code GET /q/openapi}: the gateway's calls as an OpenAPI document, YAML, or JSON where {@code ?format=json}, the ending or the
 * Accept header says so. It is a file: Quarkus' extension, which puts one together, took a fifth of the main thread's time at
 * each start.
 */
@Path("/q")
public class GatewayDescriptionResource {
  private static final String DOCUMENT = "/openapi.yaml";
  private static final String YAML = "application/yaml";

  @GET
  @Path("/openapi")
  public Response document(@QueryParam("format") String format, @Context HttpHeaders headers)
      throws IOException {
    boolean json = format == null
        ? headers.getAcceptableMediaTypes().getFirst().getSubtype().equals("json")
        : format.equalsIgnoreCase("json");
    return json ? json() : yaml();
  }

  @GET
  @Path("/openapi.json")
  public Response json() throws IOException {
    Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(text());
    return Response.ok(document).type(Payload.JSON).build();
  }

  @GET
  @Path("/openapi.{ending:ya?ml}")
  public Response yaml() throws IOException {
    return Response.ok(text()).type(YAML).build();
  }

  private static String text() throws IOException {
    try (InputStream file = GatewayDescriptionResource.class.getResourceAsStream(DOCUMENT)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
