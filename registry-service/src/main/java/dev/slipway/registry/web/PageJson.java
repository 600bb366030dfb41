package dev.slipway.registry.web;

import dev.slipway.registry.access.Principal;
import dev.slipway.registry.api.ModelJson;
import dev.slipway.registry.api.VersionJson;
import dev.slipway.registry.audit.AuditEntry;
import dev.slipway.registry.evidence.ModelCard;
import dev.slipway.registry.lineage.Lineage;
import dev.slipway.registry.release.Release;
import dev.slipway.registry.release.Settings;
import dev.slipway.registry.review.History;
import dev.slipway.registry.review.PastPolicy;
import dev.slipway.registry.review.Policy;
import dev.slipway.registry.review.Request;
import dev.slipway.registry.tracking.Experiment;
import dev.slipway.registry.tracking.Run;
import java.util.List;
import java.util.Map;

/** The pages as JSON. In each list {@code next} is the address of the next page; null on the last. */
final class PageJson {
  private PageJson() {}

  record Models(List<ModelJson> models, String next) {}

  /**
   * @param versions of each stage the newest, or those after another page
   * @param next addresses by what goes on there: a stage, "requests", "history"
   */
  record Model(
      ModelJson model,
      Policy policy,
      List<VersionJson> versions,
      List<Request> requests,
      List<History.Entry> history,
      Map<String, String> next) {}

  /**
   * @param next address of the next page of files
   * @param lineage null where nothing is known
   */
  record Version(
      VersionJson version,
      List<VersionJson.FileJson> files,
      String next,
      List<String> moves,
      List<Request> requests,
      ModelCard card,
      Lineage lineage) {}

  /** @param past the policies that the model has had of its own, newest first */
  record PolicyAndSettings(Policy policy, Settings.Numbered settings, List<PastPolicy> past) {}

  /**
   * @param policy the server's
   * @param past those that the server had, newest first
   */
  record Policies(Policy policy, List<PastPolicy> past, List<Policy> groups) {}

  /** @param past those that the group had, newest first */
  record PolicyOfGroup(Policy policy, List<PastPolicy> past) {}

  record Requests(List<Request> requests, String next) {}

  /**
   * @param version null when it was deleted since
   * @param live the version that it is compared with; null when there is none
   * @param obstacles why the caller cannot do what; what is not named can be done
   * @param lineage where the version comes from; null where nothing is known
   * @param release null until there is one
   */
  record OneRequest(
      Request request,
      VersionJson version,
      VersionJson live,
      List<RequestSheet.Difference> schema,
      Obstacles obstacles,
      Lineage lineage,
      Release release) {}

  record Obstacles(String approve, String reject, String withdraw, String rerun) {
    static Obstacles of(String approve, String reject, String withdraw, String rerun) {
      return new Obstacles(
          PageJson.text(approve),
          PageJson.text(reject),
          PageJson.text(withdraw),
          PageJson.text(rerun));
    }
  }

  record Audit(List<AuditEntry> entries, String next) {}

  record Experiments(List<Experiment> experiments, String next) {}

  record Runs(Experiment experiment, List<Run> runs, String next) {}

  /**
   * @param files in the folder that was asked for
   * @param versions the newest of those that were registered from it
   */
  record OneRun(Run run, List<RunSheet.Entry> files, String next, List<VersionJson> versions) {}

  record OneFile(String path, long size, String digest, Preview.Kind kind) {}

  record Compared(
      String title,
      List<Comparison.Side> sides,
      List<Comparison.Row> rows,
      int same,
      String next) {}

  /** @param known the names that have roles here */
  record SignIn(List<Principal> known) {}

  /** Null for the empty text, which is how templates want what is not there. */
  static String text(String text) {
    return text == null || text.isEmpty() ? null : text;
  }
}
