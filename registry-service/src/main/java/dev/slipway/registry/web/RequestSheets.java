package dev.slipway.registry.web;

import dev.slipway.common.stage.Stage;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.api.VersionJson;
import dev.slipway.registry.evidence.Inspections;
import dev.slipway.registry.lineage.Lineage;
import dev.slipway.registry.lineage.Registrations;
import dev.slipway.registry.model.ModelView;
import dev.slipway.registry.model.Models;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.model.Versions;
import dev.slipway.registry.release.Release;
import dev.slipway.registry.release.ReleaseState;
import dev.slipway.registry.release.Releases;
import dev.slipway.registry.review.ComputedChecks;
import dev.slipway.registry.review.Request;
import dev.slipway.registry.review.RequestState;
import dev.slipway.registry.review.Reviews;
import dev.slipway.registry.review.Voting;
import dev.slipway.registry.watch.Topic;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Puts together what the page of a request shows. */
@ApplicationScoped
class RequestSheets {
  private final Reviews reviews;
  private final Voting voting;
  private final Models models;
  private final Versions versions;
  private final Releases releases;
  private final Registrations registrations;
  private final Frame frame;

  RequestSheets(
      Reviews reviews,
      Voting voting,
      Models models,
      Versions versions,
      Releases releases,
      Registrations registrations,
      Frame frame) {
    this.reviews = reviews;
    this.voting = voting;
    this.models = models;
    this.versions = versions;
    this.releases = releases;
    this.registrations = registrations;
    this.frame = frame;
  }

  Face page(long id, Notice notice) {
    String events = frame.events(new Topic.OfRequest(id));
    Request request = reviews.get(id);
    ModelView model = models.get(request.model());
    VersionView candidate = versions.find(request.model(), request.version()).orElse(null);
    Integer liveNumber = model.liveVersion();
    VersionView live = liveNumber == null || liveNumber == request.version()
        ? null
        : versions.get(request.model(), liveNumber);
    Release release = request.releaseId() == null ? null : releases.get(request.releaseId());
    Lineage lineage =
        candidate == null ? null : registrations.lineage(candidate).orElse(null);
    RequestSheet sheet = sheet(request, model, candidate, live, lineage, release);
    return new Face(
        Templates.request(frame.shell("Request " + id, notice, events), sheet),
        new PageJson.OneRequest(
            request,
            candidate == null ? null : VersionJson.of(candidate),
            live == null ? null : VersionJson.of(live),
            sheet.schema(),
            PageJson.Obstacles.of(sheet.approve(), sheet.reject(), sheet.withdraw(), sheet.rerun()),
            lineage,
            release));
  }

  /** @param candidate null when it was deleted since */
  private RequestSheet sheet(
      Request request,
      ModelView model,
      VersionView candidate,
      VersionView live,
      Lineage lineage,
      Release release) {
    Caller caller = frame.caller();
    boolean open = request.state() == RequestState.OPEN;
    boolean replaces =
        open && request.alias() == null && request.to() == Stage.PRODUCTION && live != null;
    boolean compared = candidate != null
        && live != null
        && live.signature() != null
        && candidate.signature() != null;
    List<RequestSheet.Difference> schema =
        compared ? SchemaDiff.of(live.signature(), candidate.signature()) : List.of();
    List<CheckLine> checks = CheckLine.of(request, frame);
    return new RequestSheet(
        RequestLine.of(request, frame),
        Links.model(request.model()),
        candidate == null ? "" : Links.version(request.model(), request.version()),
        replaces ? live.number() : null,
        live == null ? "" : Links.version(request.model(), live.number()),
        request.stateReason(),
        open ? waitsFor(request, checks) : "",
        request.comment(),
        request.digest(),
        live == null || live.digest() == null ? null : live.digest().value(),
        open,
        checks,
        request.approvals().stream().map(this::verdict).toList(),
        request.comments().stream()
            .map(it -> new RequestSheet.Remark(it.author(), it.body(), frame.moment(it.at())))
            .toList(),
        schema,
        schemaNote(candidate, live, model),
        SchemaDiff.breaking(schema),
        voting.approvalObstacle(caller, request.id()).orElse(""),
        voting.rejectionObstacle(caller, request.id()).orElse(""),
        reviews.withdrawalObstacle(caller, request.id()).orElse(""),
        EvidencePanels.of(request, candidate, live, OriginLines.of(lineage)),
        request.checks().stream().anyMatch(it -> it.source().equals("slipway")),
        request.complete(),
        open && !caller.isAnonymous() && caller.hasAny(bypassRoles(request)),
        request.bypass() == null
            ? null
            : new RequestSheet.Passed(
                request.bypass().by(),
                request.bypass().reason(),
                frame.moment(request.bypass().at())),
        ComputedChecks.rerunObstacle(caller, request).orElse(""),
        candidate != null && Inspections.makesSense(candidate),
        release == null ? null : outcome(release, model));
  }

  private static String waitsFor(Request request, List<CheckLine> checks) {
    List<String> missing = checks.stream()
        .filter(it -> it.required() && !it.kind().equals("good"))
        .map(it -> it.name() + " (" + it.verdict() + ")")
        .toList();
    int approvals = Math.max(0, request.approvalsNeeded() - request.approvalsValid());
    if (missing.isEmpty() && approvals == 0) {
      return "It has all it needs.";
    }
    List<String> waits = new ArrayList<>();
    if (approvals > 0) {
      waits.add(approvals + (approvals == 1 ? " more approval" : " more approvals"));
    }
    if (!missing.isEmpty()) {
      waits.add(String.join(", ", missing) + " to be green");
    }
    return "It waits for " + String.join(", and for ", waits) + ".";
  }

  private static Set<Role> bypassRoles(Request request) {
    return request.policy() == null ? Set.of() : request.policy().rules().bypassRoles();
  }

  private RequestSheet.Verdict verdict(Request.ApprovalView it) {
    return new RequestSheet.Verdict(
        it.approver(),
        it.verdict(),
        it.comment(),
        frame.moment(it.at()),
        it.voided() ? String.valueOf(it.voidReason()) : "");
  }

  private static String schemaNote(VersionView candidate, VersionView live, ModelView model) {
    if (candidate == null) {
      return "The version was deleted, and its signature with it.";
    }
    if (live == null) {
      return model.liveVersion() == null
          ? "No version is live: there is nothing to compare with."
          : "It is the live version.";
    }
    if (candidate.signature() == null) {
      return "The signature of version " + candidate.number() + " is not known"
          + (candidate.servable().reason() == null
              ? "."
              : ": " + candidate.servable().reason() + ".");
    }
    return live.signature() == null
        ? "The signature of the live version " + live.number() + " is not known."
        : "";
  }

  private static RequestSheet.Outcome outcome(Release release, ModelView model) {
    boolean live = release.state() == ReleaseState.LIVE
        && release.toVersion() != null
        && release.toVersion().equals(model.liveVersion());
    boolean gone = release.state() == ReleaseState.LIVE && release.toVersion() != null && !live;
    return new RequestSheet.Outcome(
        release.id(),
        gone ? "no longer live" : release.state().label(),
        gone ? release.message() + " then; " + now(model) : release.message(),
        release.replicas().stream()
            .map(it -> new RequestSheet.Replica(
                it.replica(), it.state().replace('_', ' '), it.convergedMs(), it.message()))
            .toList(),
        live ? release.toVersion() : null,
        live ? model.previousVersion() : null);
  }

  private static String now(ModelView model) {
    return model.liveVersion() == null
        ? "no version is live now"
        : "version " + model.liveVersion() + " is live now";
  }
}
