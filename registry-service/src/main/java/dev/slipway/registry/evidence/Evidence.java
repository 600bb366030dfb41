package dev.slipway.registry.evidence;

import dev.slipway.common.job.Finding;
import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobResult;
import dev.slipway.registry.audit.Audited;
import dev.slipway.registry.model.ModelView;
import dev.slipway.registry.model.Models;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.model.Versions;
import dev.slipway.registry.release.JobEnded;
import dev.slipway.registry.release.Jobs;
import dev.slipway.registry.review.ChecksAsked;
import dev.slipway.registry.review.ComputedChecks;
import dev.slipway.registry.review.ComputedChecks.Outstanding;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Makes the checks that requests wait for. Each second it looks at the requests about which something new may be known, each in a
 * transaction of its own under its model's lock, so that several registries may do so.
 */
@ApplicationScoped
class Evidence {
  private static final Logger LOG = Logger.getLogger(Evidence.class);
  private static final Pattern OBJECT =
      Pattern.compile("model/(?<model>[^/]+)(/version/(?<version>[0-9]+))?(/.*)?");

  private final Catalogue catalogue;
  private final ComputedChecks checks;
  private final Models models;
  private final Versions versions;
  private final Jobs jobs;

  Evidence(
      Catalogue catalogue, ComputedChecks checks, Models models, Versions versions, Jobs jobs) {
    this.catalogue = catalogue;
    this.checks = checks;
    this.models = models;
    this.versions = versions;
    this.jobs = jobs;
  }

  @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void lookAtAll() {
    for (long request : checks.due()) {
      try {
        QuarkusTransaction.requiringNew().run(() -> look(request));
      } catch (RuntimeException failed) {
        // Another release of the model may be in flight, for one: the next look comes soon.
        LOG.infof("The checks of request %d wait: %s", request, failed.getMessage());
      }
    }
  }

  void jobEnded(@Observes JobEnded ended) {
    checks.lookAgain(ended.versionId());
  }

  void asked(@Observes ChecksAsked again) {
    jobs.forget(again.request());
    if (Inspections.makesSense(versions.get(again.versionId()))) {
      jobs.inspectAgain(again.versionId());
    }
  }

  /** What was written about the version or its model may have changed. */
  void changed(@Observes Audited deed) {
    Matcher object = OBJECT.matcher(deed.object());
    boolean told = deed.action().matches("(version|model)\\.(update|tag)");
    if (told && object.matches()) {
      String version = object.group("version");
      if (version == null) {
        checks.staleForModel(object.group("model"), catalogue.ofTexts());
      } else {
        checks.staleForVersion(
            object.group("model"), Integer.parseInt(version), catalogue.ofTexts());
      }
    }
  }

  private void look(long request) {
    Optional<Outstanding> outstanding = checks.look(request);
    outstanding.ifPresent(it -> {
      Subject subject = subject(it);
      for (String name : it.names()) {
        catalogue.find(name).ifPresent(check -> examine(it, check, subject));
      }
    });
  }

  private void examine(Outstanding request, EvidenceCheck check, Subject subject) {
    Map<String, Double> limits = request.thresholds().getOrDefault(check.name(), Map.of());
    switch (check.examine(subject.with(limits))) {
      case EvidenceCheck.Waiting _ ->
        LOG.debugf("Request %d: %s waits", request.request(), check.name());
      case EvidenceCheck.Found found ->
        checks.found(request.request(), check.name(), found.finding());
      case EvidenceCheck.AskGateway ask -> {
        Jobs.Asked asked = jobs.ask(
            request.request(), request.versionId(), Job.check(check.name()), ask.parameters());
        if (asked.over()) {
          checks.found(request.request(), check.name(), ofLive(finding(asked.answer()), subject));
        }
      }
    }
  }

  /** Figures of the live version say which one that was: another may be live when they are read. */
  private static Finding ofLive(Finding finding, Subject subject) {
    if (subject.live().isEmpty() || !finding.data().containsKey("live")) {
      return finding;
    }
    Map<String, Object> data = new HashMap<>(finding.data());
    data.put("live_version", subject.live().get().number());
    return new Finding(finding.verdict(), finding.summary(), data);
  }

  private static Finding finding(JobResult answer) {
    if (answer == null) {
      return Finding.warning("no gateway came back with an answer", Map.of());
    }
    return switch (answer.outcome()) {
      case CHECKED -> answer.finding();
      case NOT_SERVABLE -> Finding.red(answer.reason(), Map.of());
      default -> Finding.warning("it could not be made: " + answer.reason(), Map.of());
    };
  }

  private Subject subject(Outstanding request) {
    ModelView model = models.get(request.model());
    VersionView version = versions.get(request.versionId());
    Optional<VersionView> live =
        Optional.ofNullable(model.liveVersion()).map(number -> versions.get(model.name(), number));
    return new Subject(model, version, live, Map.of());
  }
}
