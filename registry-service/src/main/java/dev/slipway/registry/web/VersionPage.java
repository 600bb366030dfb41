package dev.slipway.registry.web;

import dev.slipway.common.stage.Stage;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.registry.access.Browsed;
import dev.slipway.registry.api.VersionJson;
import dev.slipway.registry.artifact.Snapshots;
import dev.slipway.registry.artifact.StoredFile;
import dev.slipway.registry.evidence.Inspections;
import dev.slipway.registry.lineage.Lineage;
import dev.slipway.registry.lineage.Registrations;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.model.Versions;
import dev.slipway.registry.review.Policies;
import dev.slipway.registry.review.Request;
import dev.slipway.registry.review.Reviews;
import dev.slipway.registry.watch.Topic;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/** One version, and the form that asks for its move. */
@Path("/")
@Browsed
@RunOnVirtualThread
@Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
class VersionPage {
  private static final List<Stage> LIKELY =
      List.of(Stage.PRODUCTION, Stage.STAGING, Stage.ARCHIVED, Stage.NONE);
  private static final int REQUESTS = 20;

  private final Versions versions;
  private final Snapshots snapshots;
  private final Reviews reviews;
  private final Policies policies;
  private final Registrations registrations;
  private final Inspections inspections;
  private final Trial trial;
  private final Frame frame;

  VersionPage(
      Versions versions,
      Snapshots snapshots,
      Reviews reviews,
      Policies policies,
      Registrations registrations,
      Inspections inspections,
      Trial trial,
      Frame frame) {
    this.versions = versions;
    this.snapshots = snapshots;
    this.reviews = reviews;
    this.policies = policies;
    this.registrations = registrations;
    this.inspections = inspections;
    this.trial = trial;
    this.frame = frame;
  }

  @GET
  @Path("models/{model}/versions/{version: \\d{1,9}}")
  public Response get(@PathParam("model") String model, @PathParam("version") int version) {
    return frame.show(() -> page(model, version, null, trial::form));
  }

  @POST
  @Path("models/{model}/versions/{version: \\d{1,9}}/requests")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response request(
      @PathParam("model") String model,
      @PathParam("version") int version,
      @FormParam("form_token") String token,
      @FormParam("to") String to,
      @FormParam("comment") String comment) {
    return frame.act(
        token,
        () -> Links.request(reviews
            .open(frame.caller(), model, version, Stage.of(to), comment, false)
            .id()),
        notice -> page(model, version, notice, trial::form));
  }

  @POST
  @Path("models/{model}/versions/{version: \\d{1,9}}/inspect")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response inspect(
      @PathParam("model") String model,
      @PathParam("version") int version,
      @FormParam("form_token") String token) {
    return frame.act(
        token,
        () -> {
          inspections.again(frame.caller(), model, version);
          return Links.version(model, version);
        },
        notice -> page(model, version, notice, trial::form));
  }

  /** @param body JSON, or CSV with a header */
  @POST
  @Path("models/{model}/versions/{version: \\d{1,9}}/try")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response ask(
      @PathParam("model") String model,
      @PathParam("version") int version,
      @FormParam("form_token") String token,
      @FormParam("body") @DefaultValue("") String body) {
    return frame.answer(
        token,
        () -> page(model, version, null, it -> trial.ask(frame.caller(), it, body)),
        notice -> page(model, version, notice, trial::form));
  }

  private Face page(String model, int number, Notice notice, Function<VersionView, TryView> tried) {
    String events = frame.events(new Topic.OfModel(model));
    VersionView version = versions.get(model, number);
    String api = "/api/v1" + Links.version(model, number) + "/files";
    List<StoredFile> files = snapshots.files(model, number);
    List<Request> requests = reviews.list(model, number, null, Long.MAX_VALUE, REQUESTS);
    List<String> moves = moves(version);
    Lineage lineage = registrations.lineage(version).orElse(null);
    return new Face(
        Templates.version(
            frame.shell(model + " version " + number, notice, events),
            new VersionCard(
                model,
                Links.model(model),
                number,
                Links.version(model, number),
                version.stage().label(),
                version.live() ? "live" : version.wasLive() ? "was live" : "",
                facts(version),
                version.createdBy(),
                frame.moment(version.createdAt()),
                files.stream().map(file -> file(file, api)).toList(),
                tensors(version.signature()),
                OriginLines.of(lineage),
                Inspections.makesSense(version),
                inspections.obstacle(frame.caller(), version).orElse(""),
                version.inspection() == null ? "" : version.inspection().toPrettyString(),
                moves,
                requests.stream().map(request -> RequestLine.of(request, frame)).toList(),
                tried.apply(version),
                "curl -T model.onnx " + frame.base() + api + "/model.onnx && curl -X POST "
                    + frame.base() + "/api/v1" + Links.version(model, number) + "/complete")),
        new PageJson.Version(
            VersionJson.of(version),
            files.stream().map(VersionJson.FileJson::of).toList(),
            moves,
            requests,
            lineage));
  }

  private static List<ModelBoard.Pair> facts(VersionView version) {
    List<ModelBoard.Pair> facts = new ArrayList<>();
    fact(facts, "Description", version.description());
    fact(facts, "Status", status(version));
    fact(facts, "Can be served", servable(version.servable()));
    fact(facts, "Format", version.format());
    fact(facts, "Size", version.totalSize() == null ? null : ByteSize.text(version.totalSize()));
    fact(facts, "Digest", version.digest() == null ? null : version.digest().value());
    fact(facts, "Source", version.source());
    fact(facts, "Run", version.runId());
    fact(
        facts,
        "Aliases",
        version.aliases().isEmpty() ? null : String.join(", ", version.aliases()));
    version.tags().forEach((key, value) -> fact(facts, "Tag " + key, value));
    return facts;
  }

  private static void fact(List<ModelBoard.Pair> facts, String name, String value) {
    if (value != null && !value.isBlank()) {
      facts.add(new ModelBoard.Pair(name, value));
    }
  }

  private static String status(VersionView version) {
    String status = version.status().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return version.statusMessage() == null ? status : status + ": " + version.statusMessage();
  }

  private static String servable(VersionView.Servable servable) {
    String state = switch (servable.state()) {
      case UNKNOWN -> "not known yet";
      case YES -> "yes";
      case NO -> "no";
    };
    return servable.reason() == null ? state : state + ": " + servable.reason();
  }

  private static VersionCard.File file(StoredFile file, String api) {
    String segments = Arrays.stream(file.path().value().split("/"))
        .map(Links::segment)
        .reduce("", (all, one) -> all + "/" + one);
    return new VersionCard.File(
        file.path().value(), ByteSize.text(file.size()), file.digest().value(), api + segments);
  }

  private static List<VersionCard.Tensor> tensors(ModelSignature signature) {
    if (signature == null) {
      return List.of();
    }
    return Stream.concat(
            signature.inputs().stream().map(spec -> tensor("input", spec)),
            signature.outputs().stream().map(spec -> tensor("output", spec)))
        .toList();
  }

  private static VersionCard.Tensor tensor(String kind, TensorSpec spec) {
    return new VersionCard.Tensor(
        kind,
        spec.name(),
        spec.datatype().name(),
        String.valueOf(spec.shape()),
        kind.equals("output") ? "" : spec.optional() ? "no" : "yes");
  }

  /** What the table of moves allows, the likeliest first; under an open policy every other stage. */
  private List<String> moves(VersionView version) {
    boolean open = policies.inForce(version.model()).rules().isOpen();
    return LIKELY.stream()
        .filter(to -> to != version.stage())
        .filter(to -> open || version.stage().moveTo(to) == Stage.Move.ALLOWED)
        .map(Stage::label)
        .toList();
  }
}
