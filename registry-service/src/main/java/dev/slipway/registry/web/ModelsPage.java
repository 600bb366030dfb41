package dev.slipway.registry.web;

import dev.slipway.registry.access.Browsed;
import dev.slipway.registry.api.ModelJson;
import dev.slipway.registry.model.ModelView;
import dev.slipway.registry.model.Models;
import dev.slipway.registry.model.Page;
import dev.slipway.registry.release.Standings;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The first page: the models. */
@Path("/")
@Browsed
@RunOnVirtualThread
@Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
class ModelsPage {
  private static final int SIZE = 50;

  private static final int MOST_TAGS = 4;

  private final Models models;
  private final Standings standing;
  private final Frame frame;

  ModelsPage(Models models, Standings standing, Frame frame) {
    this.models = models;
    this.standing = standing;
    this.frame = frame;
  }

  @GET
  public Response list(
      @QueryParam("q") @DefaultValue("") String query, @QueryParam("after") String after) {
    return frame.show(() -> {
      Page<ModelView> page =
          models.list(query.isBlank() ? null : query.trim(), Map.of(), SIZE, after);
      Map<String, Standings.Standing> standings =
          standing.of(page.items().stream().map(ModelView::name).toList());
      String next = page.nextToken() == null
          ? ""
          : "/?q=" + Links.segment(query) + "&after=" + Links.segment(page.nextToken());
      return new Face(
          Templates.models(
              frame.shell("Models", null),
              new ModelsView(
                  query,
                  page.items().stream()
                      .map(model -> row(model, standings.get(model.name())))
                      .toList(),
                  next,
                  command())),
          new PageJson.Models(
              page.items().stream().map(ModelJson::of).toList(), PageJson.text(next)));
    });
  }

  /** @param live null when nothing is live */
  private ModelsView.Row row(ModelView model, Standings.Standing live) {
    return new ModelsView.Row(
        model.name(),
        Links.model(model.name()),
        model.description(),
        model.liveVersion(),
        live == null || live.since() == null ? null : frame.moment(live.since()),
        live == null ? 0 : live.newer(),
        health(live),
        live == null || (live.ready() > 0 && live.failed() == 0) ? "good" : "bad",
        model.tags().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .limit(MOST_TAGS)
            .map(it -> it.getValue().isEmpty() ? it.getKey() : it.getKey() + ": " + it.getValue())
            .toList(),
        model.latestVersion(),
        frame.moment(model.updatedAt()));
  }

  private static String health(Standings.Standing live) {
    if (live == null) {
      return "";
    }
    List<String> parts = new ArrayList<>();
    if (live.ready() > 0) {
      parts.add("✓ ready on " + live.ready());
    }
    if (live.coming() > 0) {
      parts.add("loading on " + live.coming());
    }
    if (live.failed() > 0) {
      parts.add("✗ failed on " + live.failed());
    }
    return parts.isEmpty() ? "✗ on no gateway" : String.join(", ", parts);
  }

  private String command() {
    return "./slipway push iris model.onnx --registry " + frame.base();
  }
}
