package dev.slipway.registry.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.registry.access.Browsed;
import dev.slipway.registry.artifact.Snapshots;
import dev.slipway.registry.lineage.Lineage;
import dev.slipway.registry.lineage.Registrations;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.model.Versions;
import dev.slipway.registry.review.Checks;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Two versions of a model side by side. */
@Path("/models/{model}/compare")
@Browsed
@RunOnVirtualThread
@Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
class VersionsCompared {
  private final Versions versions;
  private final Snapshots snapshots;
  private final Registrations registrations;
  private final Checks checks;
  private final Frame frame;

  VersionsCompared(
      Versions versions,
      Snapshots snapshots,
      Registrations registrations,
      Checks checks,
      Frame frame) {
    this.versions = versions;
    this.snapshots = snapshots;
    this.registrations = registrations;
    this.checks = checks;
    this.frame = frame;
  }

  @GET
  public Response compare(
      @PathParam("model") String model,
      @QueryParam("left") Integer left,
      @QueryParam("right") Integer right,
      @QueryParam("all") @DefaultValue("false") boolean everything,
      @QueryParam("from") @DefaultValue("0") int from) {
    return frame.show(() -> {
      if (left == null || right == null) {
        throw new IllegalArgumentException("name two versions: left and right");
      }
      String title = model + ": v" + left + " and v" + right;
      return frame.compared(Comparison.of(
          title,
          List.of(side(model, left), side(model, right)),
          List.of(facts(model, left), facts(model, right)),
          new Comparison.Look(
              Links.model(model) + "/compare?left=" + left + "&right=" + right, everything, from)));
    });
  }

  private static Comparison.Side side(String model, int number) {
    return new Comparison.Side("v" + number, Links.version(model, number));
  }

  private Comparison.Facts facts(String model, int number) {
    VersionView version = versions.get(model, number);
    var facts = new Comparison.Facts()
        .put("Version", "stage", version.stage().label())
        .put("Version", "format", version.format())
        .put("Version", "size", size(version))
        .put("Version", "description", version.description());
    registrations
        .lineage(model, number)
        .map(Lineage::origin)
        .ifPresent(origin -> origin(facts, origin));
    if (version.signature() != null) {
      tensors(facts, "Input", version.signature().inputs());
      tensors(facts, "Output", version.signature().outputs());
    }
    Inspected.compared(version.inspection())
        .forEach(it -> facts.put("Loaded", it.name(), it.value()));
    latency(facts, version);
    snapshots
        .files(model, number)
        .forEach(file -> facts.put("File", file.path().value(), file.digest().value()));
    version.tags().forEach((key, value) -> facts.put("Tag", key, value));
    return facts;
  }

  private static String size(VersionView version) {
    return version.totalSize() == null ? "" : ByteSize.text(version.totalSize());
  }

  private static void origin(Comparison.Facts facts, Lineage.Origin origin) {
    if (origin.metrics() != null) {
      new TreeMap<>(origin.metrics())
          .forEach((key, value) -> facts.put("Metric", key, Chart.number(value)));
    }
    Map<String, String> params = origin.params() == null ? Map.of() : origin.params();
    new TreeMap<>(params).forEach((key, value) -> facts.put("Parameter", key, value));
    if (origin.datasets() != null) {
      origin.datasets().forEach(it -> facts.put("Data", it.name(), it.digest()));
    }
    facts
        .put("Code", "commit", origin.gitCommit())
        .put("Code", "repository", origin.gitRepository())
        .put("Code", "entry point", origin.entryPoint());
  }

  private static void tensors(Comparison.Facts facts, String kind, List<TensorSpec> tensors) {
    tensors.forEach(it -> facts.put(
        kind, it.name(), it.datatype() + " " + it.shape() + (it.optional() ? " optional" : "")));
  }

  /** What was not measured has a dash: that the other one was is no reason to leave the line away. */
  private void latency(Comparison.Facts facts, VersionView version) {
    JsonNode found = checks.latency(version).orElse(MissingNode.getInstance());
    for (String name : List.of("p50", "p95", "p99")) {
      JsonNode millis = found.path(name + "_ms");
      facts.put(
          "Prediction", name, millis.isNumber() ? Chart.number(millis.doubleValue()) + " ms" : "–");
    }
  }
}
