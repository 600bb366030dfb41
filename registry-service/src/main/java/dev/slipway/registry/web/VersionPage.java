package dev.slipway.registry.web;

import dev.slipway.common.stage.Stage;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.registry.access.Browsed;
import dev.slipway.registry.api.VersionJson;
import dev.slipway.registry.artifact.Snapshots;
import dev.slipway.registry.artifact.StoredFile;
import dev.slipway.registry.evidence.Inspections;
import dev.slipway.registry.evidence.ModelCard;
import dev.slipway.registry.external.Copies;
import dev.slipway.registry.external.Copy;
import dev.slipway.registry.lineage.Lineage;
import dev.slipway.registry.lineage.Registrations;
import dev.slipway.registry.model.ModelView;
import dev.slipway.registry.model.Models;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.model.Versions;
import dev.slipway.registry.release.Replicas;
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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.List;
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
  private static final int FILES = 200;

  private final Versions versions;
  private final Snapshots snapshots;
  private final Reviews reviews;
  private final Policies policies;
  private final Registrations registrations;
  private final Inspections inspections;
  private final Models models;
  private final Replicas replicas;
  private final Copies copies;
  private final Trial trial;
  private final Frame frame;

  VersionPage(
      Versions versions,
      Snapshots snapshots,
      Reviews reviews,
      Policies policies,
      Registrations registrations,
      Inspections inspections,
      Models models,
      Replicas replicas,
      Copies copies,
      Trial trial,
      Frame frame) {
    this.versions = versions;
    this.snapshots = snapshots;
    this.reviews = reviews;
    this.policies = policies;
    this.registrations = registrations;
    this.inspections = inspections;
    this.models = models;
    this.replicas = replicas;
    this.copies = copies;
    this.trial = trial;
    this.frame = frame;
  }

  @GET
  @Path("models/{model}/versions/{version: \\d{1,9}}")
  public Response get(
      @PathParam("model") String model,
      @PathParam("version") int version,
      @QueryParam("after") @DefaultValue("") String after) {
    return frame.show(() -> page(model, version, null, trial::form, after));
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

  @POST
  @Path("models/{model}/versions/{version: \\d{1,9}}/copy")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response copy(
      @PathParam("model") String model,
      @PathParam("version") int version,
      @FormParam("form_token") String token) {
    return frame.act(
        token,
        () -> {
          copies.start(frame.caller(), model, version);
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
    return page(model, number, notice, tried, "");
  }

  /** @param after the file that the page before ended with; "" for the first page */
  private Face page(
      String model, int number, Notice notice, Function<VersionView, TryView> tried, String after) {
    if (after.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("no file is named like that");
    }
    String events = frame.events(new Topic.OfModel(model));
    VersionView version = versions.get(model, number);
    String api = "/api/v1" + Links.version(model, number) + "/files";
    List<StoredFile> found = snapshots.files(model, number, after, FILES + 1);
    boolean more = found.size() > FILES;
    List<StoredFile> files = more ? found.subList(0, FILES) : found;
    String next = more
        ? Links.version(model, number) + "?after="
            + Links.segment(files.getLast().path().value()) + "#files"
        : "";
    List<Request> requests = reviews.list(model, number, null, Long.MAX_VALUE, REQUESTS);
    List<String> moves = moves(version);
    ModelView owner = models.get(model);
    Lineage lineage = registrations.lineage(version).orElse(null);
    ModelCard card = ModelCard.of(version, owner, () -> OriginLines.datasets(lineage));
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
                VersionFacts.of(version, replicas.list()),
                VersionFacts.of(card),
                OriginLines.metrics(lineage),
                version.createdBy(),
                frame.moment(version.createdAt()),
                files.stream().map(file -> file(file, api)).toList(),
                next,
                tensors(version.signature()),
                OriginLines.of(lineage),
                Inspections.makesSense(version),
                inspections.obstacle(frame.caller(), version).orElse(""),
                copyForm(version),
                Inspected.all(version.inspection()),
                version.status() != VersionView.Status.READY,
                moves,
                other(owner.liveVersion(), number),
                requests.stream().map(request -> RequestLine.of(request, frame)).toList(),
                tried.apply(version),
                "curl -T model.onnx " + frame.base() + api + "/model.onnx\ncurl -X POST "
                    + frame.base() + "/api/v1" + Links.version(model, number) + "/complete")),
        new PageJson.Version(
            VersionJson.of(version),
            files.stream().map(VersionJson.FileJson::of).toList(),
            PageJson.text(next),
            moves,
            requests,
            card,
            lineage));
  }

  private VersionCard.CopyForm copyForm(VersionView version) {
    if (!Copies.makesSense(version)) {
      return null;
    }
    Copy copy = copies.find(version).orElse(null);
    boolean running = copy != null && copy.state() == Copy.State.RUNNING;
    return new VersionCard.CopyForm(
        version.source(),
        copies.obstacle(frame.caller(), version).orElse(""),
        running ? copy.filesDone() + " of " + copy.files() + " files" : "",
        copy == null || copy.error() == null ? "" : copy.error());
  }

  /** The version that this one is most likely compared with: the live one; null where that is itself, or none is. */
  private static Integer other(Integer live, int number) {
    return live == null || live == number ? null : live;
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
