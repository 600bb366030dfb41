package dev.slipway.registry.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.audit.AuditVerifier;
import dev.slipway.registry.access.Browsed;
import dev.slipway.registry.audit.AuditEntry;
import dev.slipway.registry.audit.AuditExport;
import dev.slipway.registry.audit.AuditLog;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;

/** The audit log, the newest first. */
@Path("/")
@Browsed
@RunOnVirtualThread
@Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
class AuditPage {
  private static final int SIZE = 50;

  private final AuditLog audit;
  private final AuditExport export;
  private final Frame frame;

  AuditPage(AuditLog audit, AuditExport export, Frame frame) {
    this.audit = audit;
    this.export = export;
    this.frame = frame;
  }

  /**
   * @param before only entries with a lower number
   * @param verify whether to check the whole chain, whatever is shown of it
   */
  @GET
  @Path("audit")
  public Response list(
      @QueryParam("object") @DefaultValue("") String object,
      @QueryParam("actor") @DefaultValue("") String actor,
      @QueryParam("action") @DefaultValue("") String action,
      @QueryParam("before") Long before,
      @QueryParam("verify") @DefaultValue("false") boolean verify) {
    return frame.show(() -> {
      var filter = new AuditLog.Filter(object.trim(), actor.trim(), action.trim());
      List<AuditEntry> found =
          audit.newest(filter, before == null ? Long.MAX_VALUE : before, SIZE + 1);
      List<AuditEntry> shown = found.size() > SIZE ? found.subList(0, SIZE) : found;
      String next =
          found.size() > SIZE ? address(filter) + "&before=" + shown.getLast().sequence() : "";
      return new Face(
          Templates.audit(
              frame.shell("Audit", null),
              new AuditView(
                  filter.object(),
                  filter.actor(),
                  filter.action(),
                  verify ? verdict(export.verify(Optional.empty())) : null,
                  shown.stream().map(this::row).toList(),
                  next)),
          new PageJson.Audit(shown, PageJson.text(next)));
    });
  }

  private static String address(AuditLog.Filter filter) {
    return "/audit?object=" + Links.segment(filter.object())
        + "&actor=" + Links.segment(filter.actor())
        + "&action=" + Links.segment(filter.action());
  }

  private static AuditView.Verdict verdict(AuditVerifier.Verdict verdict) {
    return switch (verdict) {
      case AuditVerifier.Verdict.Intact it ->
        new AuditView.Verdict(
            true,
            it.entries() + " entries, the last one " + it.lastSequence() + " with the hash "
                + it.lastHash().value()
                + (it.keys().isEmpty()
                    ? "; no checkpoint is signed yet"
                    : "; signed by key " + String.join(", ", it.keys())));
      case AuditVerifier.Verdict.Broken it ->
        new AuditView.Verdict(false, "at entry " + it.sequence() + ": " + it.reason());
    };
  }

  private AuditView.Row row(AuditEntry entry) {
    return new AuditView.Row(
        entry.sequence(),
        frame.moment(entry.at()),
        entry.actor(),
        entry.action(),
        entry.object(),
        address(new AuditLog.Filter("", entry.actor(), "")),
        address(new AuditLog.Filter(entry.object(), "", "")),
        text(entry.before()),
        text(entry.after()));
  }

  private static String text(JsonNode json) {
    return json == null || json.isNull() || (json.isContainerNode() && json.isEmpty())
        ? ""
        : json.toString();
  }
}
