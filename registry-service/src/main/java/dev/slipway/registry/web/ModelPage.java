package dev.slipway.registry.web;

import dev.slipway.common.stage.Stage;
import dev.slipway.registry.access.Browsed;
import dev.slipway.registry.api.ModelJson;
import dev.slipway.registry.api.VersionJson;
import dev.slipway.registry.model.ModelView;
import dev.slipway.registry.model.Models;
import dev.slipway.registry.model.Page;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.model.Versions;
import dev.slipway.registry.release.Release;
import dev.slipway.registry.release.ReleaseState;
import dev.slipway.registry.release.Releases;
import dev.slipway.registry.review.History;
import dev.slipway.registry.review.Policies;
import dev.slipway.registry.review.Policy;
import dev.slipway.registry.review.Request;
import dev.slipway.registry.review.RequestState;
import dev.slipway.registry.review.Reviews;
import dev.slipway.registry.review.Rollbacks;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** One model, and the way back. */
@Path("/")
@Browsed
@RunOnVirtualThread
@Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
class ModelPage {
  private static final List<Stage> COLUMNS =
      List.of(Stage.PRODUCTION, Stage.STAGING, Stage.NONE, Stage.ARCHIVED);
  private static final int CARDS = 20;
  private static final int EVENTS = 50;
  private static final Set<String> WENT_LIVE = Set.of("promotion", "rollback");

  private final Models models;
  private final Versions versions;
  private final Reviews reviews;
  private final Policies policies;
  private final History history;
  private final Rollbacks rollbacks;
  private final Releases releases;
  private final Frame frame;

  ModelPage(
      Models models,
      Versions versions,
      Reviews reviews,
      Policies policies,
      History history,
      Rollbacks rollbacks,
      Releases releases,
      Frame frame) {
    this.models = models;
    this.versions = versions;
    this.reviews = reviews;
    this.policies = policies;
    this.history = history;
    this.rollbacks = rollbacks;
    this.releases = releases;
    this.frame = frame;
  }

  @GET
  @Path("models/{model}")
  public Response get(
      @PathParam("model") String model,
      @QueryParam("stage") @DefaultValue("") String stage,
      @QueryParam("before") Integer before,
      @QueryParam("events") String events) {
    return frame.show(() ->
        page(model, null, new Place(stage.isEmpty() ? null : Stage.of(stage), before, events)));
  }

  /**
   * Which part of its lists the page shows.
   *
   * @param stage whose versions begin below {@code before}; null for none
   * @param events where the history begins; null at its newest
   */
  private record Place(Stage stage, Integer before, String events) {
    static final Place BEGINNING = new Place(null, null, null);

    Integer before(Stage column) {
      return column == stage ? before : null;
    }
  }

  /** @param from the version that the form saw live: when another one is by now, nothing is done */
  @POST
  @Path("models/{model}/rollback")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response rollBack(
      @PathParam("model") String model,
      @FormParam("form_token") String token,
      @FormParam("to") Integer to,
      @FormParam("from") Integer from,
      @FormParam("reason") String reason) {
    long since = System.nanoTime();
    return frame.act(
        token,
        () -> switch (rollbacks.rollBack(frame.caller(), model, to, from, reason)) {
          case Rollbacks.Answer.Released(var release) -> {
            releases.confirm(release, since);
            yield Links.model(model) + "#history";
          }
          case Rollbacks.Answer.Requested(var request) -> Links.request(request.id());
        },
        notice -> page(model, notice));
  }

  /** The beginning of everything, below what is to be said first. */
  Face page(String name, Notice notice) {
    return page(name, notice, Place.BEGINNING);
  }

  private Face page(String name, Notice notice, Place place) {
    String events = frame.events(new Topic.OfModel(name));
    ModelView model = models.get(name);
    List<Page<VersionView>> listed = COLUMNS.stream()
        .map(stage -> versions.list(name, stage, CARDS, place.before(stage)))
        .toList();
    List<ModelBoard.Column> stages = new ArrayList<>();
    for (int i = 0; i < listed.size(); i++) {
      stages.add(column(model, COLUMNS.get(i), listed.get(i)));
    }
    Policy policy = policies.inForce(name);
    List<Request> found = reviews.list(name, null, RequestState.OPEN, Long.MAX_VALUE, CARDS + 1);
    List<Request> open = found.stream().limit(CARDS).toList();
    String allOpen = found.size() > CARDS
        ? "/requests?state=open&model=" + Links.segment(name) + "&before="
            + open.getLast().id()
        : "";
    Page<History.Entry> told = history.page(name, EVENTS, place.events());
    List<History.Entry> entries = told.items();
    String older = told.nextToken() == null
        ? ""
        : Links.model(name) + "?events=" + Links.segment(told.nextToken()) + "#history";
    return new Face(
        Templates.model(
            frame.shell(name, notice, events),
            new ModelBoard(
                name,
                Links.model(name),
                model.description(),
                pairs(model.tags()),
                pairs(model.aliases()),
                model.liveVersion(),
                model.previousVersion(),
                rollout(releases.list(name, Long.MAX_VALUE, 1)),
                PolicyWords.line(policy.rules()),
                stages,
                stages.stream().allMatch(column -> column.versions().isEmpty()),
                open.stream().map(request -> RequestLine.of(request, frame)).toList(),
                allOpen,
                events(model, entries),
                older,
                "./slipway push " + shellWord(name) + " model.onnx --registry " + frame.base())),
        new PageJson.Model(
            ModelJson.of(model),
            policy,
            listed.stream()
                .flatMap(page -> page.items().stream())
                .map(VersionJson::of)
                .toList(),
            open,
            entries,
            next(stages, allOpen, older)));
  }

  private static Map<String, String> next(
      List<ModelBoard.Column> stages, String requests, String events) {
    Map<String, String> next = new LinkedHashMap<>();
    stages.forEach(column -> next.put(column.stage(), column.next()));
    next.put("requests", requests);
    next.put("history", events);
    next.values().removeIf(String::isEmpty);
    return next;
  }

  private ModelBoard.Column column(ModelView model, Stage stage, Page<VersionView> page) {
    return new ModelBoard.Column(
        stage.label(),
        page.items().stream().map(version -> card(model, version)).toList(),
        page.nextToken() == null
            ? ""
            : Links.model(model.name()) + "?stage=" + stage.label() + "&before=" + page.nextToken()
                + "#versions");
  }

  private ModelBoard.Card card(ModelView model, VersionView version) {
    Integer number = version.number();
    String role = version.live() ? "live" : number.equals(model.previousVersion()) ? "standby" : "";
    return new ModelBoard.Card(
        version.number(),
        Links.version(model.name(), version.number()),
        role,
        version.servable().state().name().toLowerCase(Locale.ROOT),
        version.description(),
        frame.moment(version.createdAt()),
        version.createdBy());
  }

  /** Each version that was live offers the way back to it once, on the newest row that tells of it. */
  private List<ModelBoard.Event> events(ModelView model, List<History.Entry> entries) {
    Set<Integer> offered = new HashSet<>();
    if (model.liveVersion() != null) {
      offered.add(model.liveVersion());
    }
    return entries.stream()
        .map(entry -> new ModelBoard.Event(
            entry.text(),
            frame.moment(entry.at()),
            entry.requestId() == null ? "" : Links.request(entry.requestId()),
            model.liveVersion() != null
                    && WENT_LIVE.contains(entry.kind())
                    && offered.add(entry.toVersion())
                ? entry.toVersion()
                : null))
        .toList();
  }

  /** What is on its way now; null when nothing is. */
  private static ModelBoard.Rolling rollout(List<Release> latest) {
    return latest.stream()
        .filter(it -> it.state() == ReleaseState.PREPARING || it.state() == ReleaseState.STEPPING)
        .map(it -> new ModelBoard.Rolling(
            it.id(),
            it.state().label(),
            it.message(),
            it.rollout() == null ? List.of() : TrafficBar.of(it.rollout().traffic()),
            it.state() == ReleaseState.STEPPING ? it.rollout().step() : null))
        .findFirst()
        .orElse(null);
  }

  private static String shellWord(String name) {
    return name.matches("[\\w.-]+") ? name : "'" + name.replace("'", "'\\''") + "'";
  }

  private static List<ModelBoard.Pair> pairs(Map<String, ?> map) {
    return map.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> new ModelBoard.Pair(entry.getKey(), String.valueOf(entry.getValue())))
        .toList();
  }
}
