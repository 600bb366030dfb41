package dev.slipway.registry.web;

import dev.slipway.registry.access.Browsed;
import dev.slipway.registry.api.VersionJson;
import dev.slipway.registry.artifact.ArtifactTree;
import dev.slipway.registry.model.RegistrySearch;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.tracking.DatasetInput;
import dev.slipway.registry.tracking.Experiments;
import dev.slipway.registry.tracking.KeyValue;
import dev.slipway.registry.tracking.Metric;
import dev.slipway.registry.tracking.MetricHistory;
import dev.slipway.registry.tracking.Run;
import dev.slipway.registry.tracking.RunInfo;
import dev.slipway.registry.tracking.Runs;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** One run: what it logged, its metrics over the steps, its files; and several of them side by side. */
@Path("/runs")
@Browsed
@RunOnVirtualThread
@Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
class RunPage {
  private static final int CHARTS = 12;
  private static final int POINTS = 100;
  private static final int SIDES = 10;
  private static final int VERSIONS = 20;
  private static final int ENTRIES = 200;

  private final Runs runs;
  private final Experiments experiments;
  private final MetricHistory history;
  private final ArtifactTree tree;
  private final RegistrySearch search;
  private final Frame frame;

  RunPage(
      Runs runs,
      Experiments experiments,
      MetricHistory history,
      ArtifactTree tree,
      RegistrySearch search,
      Frame frame) {
    this.runs = runs;
    this.experiments = experiments;
    this.history = history;
    this.tree = tree;
    this.search = search;
    this.frame = frame;
  }

  @GET
  @Path("{id: [0-9a-zA-Z_-]{1,64}}")
  public Response get(
      @PathParam("id") String id,
      @QueryParam("path") @DefaultValue("") String folder,
      @QueryParam("after") @DefaultValue("") String after) {
    return frame.show(() -> page(runs.get(id), folder, after));
  }

  /** @param ids of the runs; the first ten are compared */
  @GET
  @Path("compare")
  public Response compare(
      @QueryParam("run") List<String> ids,
      @QueryParam("all") @DefaultValue("false") boolean everything,
      @QueryParam("from") @DefaultValue("0") int from) {
    return frame.show(() -> {
      if (ids.size() < 2) {
        throw new IllegalArgumentException("choose two runs or more to compare");
      }
      List<Run> sides = ids.stream().distinct().limit(SIDES).map(runs::get).toList();
      String here = "/runs/compare?"
          + String.join(
              "&", sides.stream().map(it -> "run=" + it.info().runId()).toList());
      return frame.compared(Comparison.of(
          "Runs side by side",
          sides.stream()
              .map(it -> new Comparison.Side(
                  RunTexts.name(it.info()), Links.run(it.info().runId())))
              .toList(),
          sides.stream().map(RunPage::facts).toList(),
          new Comparison.Look(here, everything, from)));
    });
  }

  private static Comparison.Facts facts(Run run) {
    var facts = new Comparison.Facts()
        .put("Run", "status", RunTexts.status(run.info()))
        .put("Run", "duration", RunTexts.duration(run.info()))
        .put("Run", "user", run.info().userId());
    sorted(run.metrics()).forEach(it -> facts.put("Metric", it.key(), Chart.number(it.value())));
    RunTexts.pairs(run.params()).forEach(it -> facts.put("Parameter", it.name(), it.value()));
    run.datasetInputs()
        .forEach(it -> facts.put("Data", it.dataset().name(), it.dataset().digest()));
    RunTexts.pairs(run.tags()).forEach(it -> facts.put("Tag", it.name(), it.value()));
    return facts;
  }

  private static List<Metric> sorted(List<Metric> metrics) {
    return metrics.stream().sorted(Comparator.comparing(Metric::key)).toList();
  }

  private Face page(Run run, String folder, String after) {
    RunInfo info = run.info();
    String href = Links.run(info.runId());
    Optional<String> root = ArtifactTree.pathOf(info.artifactUri());
    String up = folder.isEmpty()
        ? ""
        : href + "?path=" + Links.segment(folder.replaceFirst("/?[^/]*$", "")) + "#files";
    List<RunSheet.Entry> found =
        root.map(it -> entries(info, it, folder, after)).orElse(List.of());
    boolean more = found.size() > ENTRIES;
    List<RunSheet.Entry> files = more ? found.subList(0, ENTRIES) : found;
    String next = more
        ? href + "?path=" + Links.segment(folder) + "&after="
            + Links.segment(files.getLast().name()) + "#files"
        : "";
    List<VersionView> made = search
        .versions("run_id = '" + info.runId() + "'", VERSIONS, List.of(), null)
        .items();
    return new Face(
        Templates.run(
            frame.shell(RunTexts.name(info), null),
            new RunSheet(
                info.runId(),
                RunTexts.name(info),
                experiments.get(String.valueOf(info.experimentId())).name(),
                Links.experiment(info.experimentId()),
                RunTexts.status(info),
                info.userId(),
                frame.moment(Instant.ofEpochMilli(info.startTime())),
                RunTexts.duration(info),
                RunTexts.pairs(run.params()),
                measured(run),
                RunTexts.pairs(run.tags()),
                run.datasetInputs().stream().map(RunPage::dataset).toList(),
                folder,
                up,
                root.isPresent() ? "" : info.artifactUri(),
                files,
                next,
                made.stream().map(RunPage::made).toList())),
        new PageJson.OneRun(
            run, files, PageJson.text(next), made.stream().map(VersionJson::of).toList()));
  }

  private List<RunSheet.Measured> measured(Run run) {
    List<RunSheet.Measured> measured = new ArrayList<>();
    for (Metric metric : sorted(run.metrics())) {
      Chart chart = null;
      if (measured.size() < CHARTS) {
        List<Chart.Measure> points =
            history.sample(List.of(run.info().runId()), metric.key(), POINTS, null, null).stream()
                .map(it -> new Chart.Measure(it.metric().step(), it.metric().value()))
                .toList();
        chart = points.size() < 2 ? null : Chart.of(metric.key(), points);
      }
      measured.add(new RunSheet.Measured(metric.key(), Chart.number(metric.value()), chart));
    }
    return measured;
  }

  private static RunSheet.Made made(VersionView version) {
    return new RunSheet.Made(
        version.model() + " v" + version.number(),
        Links.version(version.model(), version.number()),
        version.live() ? "live" : version.stage().label());
  }

  private static ModelBoard.Pair dataset(DatasetInput input) {
    String context = input.tags().stream()
        .filter(tag -> tag.key().equals(DatasetInput.CONTEXT))
        .map(KeyValue::value)
        .findFirst()
        .orElse("data");
    return new ModelBoard.Pair(
        context, input.dataset().name() + " " + input.dataset().digest());
  }

  private List<RunSheet.Entry> entries(RunInfo info, String root, String folder, String after) {
    if (!folder.isEmpty()
        && List.of(folder.split("/", -1)).stream()
            .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."))) {
      throw new IllegalArgumentException("'" + folder + "' is not a folder's path");
    }
    if (after.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("no file is named like that");
    }
    String place = folder.isEmpty() ? root : root + "/" + folder;
    return tree.children(place, after, ENTRIES + 1).stream()
        .map(it -> {
          String path = folder.isEmpty() ? it.name() : folder + "/" + it.name();
          return new RunSheet.Entry(
              it.name(),
              it.isFolder()
                  ? Links.run(info.runId()) + "?path=" + Links.segment(path) + "#files"
                  : Links.run(info.runId()) + "/files?path=" + Links.segment(path),
              it.isFolder(),
              it.isFolder() ? "" : ByteSize.text(it.size()));
        })
        .toList();
  }
}
