package dev.slipway.registry.web;

import dev.slipway.registry.access.Browsed;
import dev.slipway.registry.tracking.Experiment;
import dev.slipway.registry.tracking.Experiments;
import dev.slipway.registry.tracking.KeyValue;
import dev.slipway.registry.tracking.Page;
import dev.slipway.registry.tracking.Run;
import dev.slipway.registry.tracking.Runs;
import dev.slipway.registry.tracking.ViewType;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The experiments, and the runs of one. */
@Path("/experiments")
@Browsed
@RunOnVirtualThread
@Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
class ExperimentsPage {
  private static final int SIZE = 50;
  private static final int USUAL_COLUMNS = 4;
  private static final String COMMAND = "python -c \"import mlflow; mlflow.set_tracking_uri('%s');"
      + " mlflow.set_experiment('first'); mlflow.log_metric('auc', 0.91)\"";

  private final Experiments experiments;
  private final Runs runs;
  private final Frame frame;

  ExperimentsPage(Experiments experiments, Runs runs, Frame frame) {
    this.experiments = experiments;
    this.runs = runs;
    this.frame = frame;
  }

  @GET
  public Response list(
      @QueryParam("q") @DefaultValue("") String query, @QueryParam("after") String after) {
    return frame.show(() -> {
      String filter = query.isBlank() ? null : "name ILIKE '%" + quoted(query.trim()) + "%'";
      Page<Experiment> page =
          experiments.search(ViewType.ACTIVE_ONLY, SIZE, filter, List.of(), after);
      String next = page.nextToken() == null
          ? ""
          : "/experiments?q=" + Links.segment(query) + "&after=" + Links.segment(page.nextToken());
      return new Face(
          Templates.experiments(
              frame.shell("Experiments", null),
              new ExperimentsView(
                  query,
                  page.items().stream()
                      .map(it -> new ExperimentsView.Row(
                          it.id(),
                          it.name(),
                          Links.experiment(it.id()),
                          frame.moment(Instant.ofEpochMilli(it.lastUpdateTime()))))
                      .toList(),
                  next,
                  COMMAND.formatted(frame.base()))),
          new PageJson.Experiments(page.items(), PageJson.text(next)));
    });
  }

  /** A quote ends a string in MLflow's grammar, and nothing escapes it: any character stands for it. */
  private static String quoted(String text) {
    return text.replace('\'', '_');
  }

  /** @param columns separated by commas: metrics.x, params.x or tags.x */
  @GET
  @Path("{id: \\d{1,18}}")
  public Response runs(
      @PathParam("id") String id,
      @QueryParam("filter") @DefaultValue("") String filter,
      @QueryParam("order") @DefaultValue("") String order,
      @QueryParam("columns") @DefaultValue("") String columns,
      @QueryParam("after") String after) {
    return frame.show(
        () -> {
          Page<Run> page = runs.search(
              List.of(id),
              filter.isBlank() ? null : filter,
              ViewType.ACTIVE_ONLY,
              SIZE,
              order.isBlank() ? List.of() : List.of(order),
              after);
          return table(id, filter, order, columns, page, null);
        },
        notice -> table(id, filter, order, columns, new Page<>(List.of(), null), notice));
  }

  private Face table(
      String id, String filter, String order, String columns, Page<Run> page, Notice notice) {
    Experiment experiment = experiments.get(id);
    String href = Links.experiment(experiment.id());
    List<String> shown = columns.isBlank()
        ? usual(page.items())
        : Arrays.stream(columns.split(",")).map(String::strip).toList();
    String next = page.nextToken() == null
        ? ""
        : href + "?filter=" + Links.segment(filter) + "&order=" + Links.segment(order) + "&columns="
            + Links.segment(columns) + "&after=" + Links.segment(page.nextToken());
    return new Face(
        Templates.runs(
            frame.shell(experiment.name(), notice),
            new RunsTable(
                experiment.name(),
                href,
                filter,
                order,
                columns,
                shown,
                page.items().stream().map(run -> row(run, shown)).toList(),
                next,
                COMMAND.formatted(frame.base()))),
        new PageJson.Runs(experiment, page.items(), PageJson.text(next)));
  }

  private RunsTable.Row row(Run run, List<String> columns) {
    return new RunsTable.Row(
        run.info().runId(),
        RunTexts.name(run.info()),
        Links.run(run.info().runId()),
        RunTexts.status(run.info()),
        run.info().userId(),
        frame.moment(Instant.ofEpochMilli(run.info().startTime())),
        RunTexts.duration(run.info()),
        columns.stream().map(column -> RunTexts.cell(run, column)).toList());
  }

  private static List<String> usual(List<Run> runs) {
    return Stream.concat(
            names(
                runs.stream().flatMap(run -> run.metrics().stream()).map(it -> it.key()),
                "metrics."),
            names(
                runs.stream().flatMap(run -> run.params().stream()).map(KeyValue::key), "params."))
        .toList();
  }

  private static Stream<String> names(Stream<String> keys, String kind) {
    return keys.distinct().sorted().limit(USUAL_COLUMNS).map(key -> kind + key);
  }
}
