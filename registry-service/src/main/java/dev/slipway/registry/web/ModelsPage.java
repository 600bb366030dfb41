package dev.slipway.registry.web;

import dev.slipway.registry.access.Browsed;
import dev.slipway.registry.api.ModelJson;
import dev.slipway.registry.model.ModelView;
import dev.slipway.registry.model.Models;
import dev.slipway.registry.model.Page;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/** The first page: the models. */
@Path("/")
@Browsed
@RunOnVirtualThread
@Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
class ModelsPage {
  private static final int SIZE = 50;

  private final Models models;
  private final Frame frame;

  ModelsPage(Models models, Frame frame) {
    this.models = models;
    this.frame = frame;
  }

  @GET
  public Response list(
      @QueryParam("q") @DefaultValue("") String query, @QueryParam("after") String after) {
    return frame.show(() -> {
      Page<ModelView> page =
          models.list(query.isBlank() ? null : query.trim(), Map.of(), SIZE, after);
      String next = page.nextToken() == null
          ? ""
          : "/?q=" + Links.segment(query) + "&after=" + Links.segment(page.nextToken());
      return new Face(
          Templates.models(
              frame.shell("Models", null),
              new ModelsView(
                  query, page.items().stream().map(this::row).toList(), next, command())),
          new PageJson.Models(
              page.items().stream().map(ModelJson::of).toList(), PageJson.text(next)));
    });
  }

  private ModelsView.Row row(ModelView model) {
    return new ModelsView.Row(
        model.name(),
        Links.model(model.name()),
        model.description(),
        model.liveVersion(),
        model.latestVersion(),
        frame.moment(model.updatedAt()));
  }

  private String command() {
    return "./slipway push iris model.onnx --registry " + frame.base();
  }
}
