package dev.slipway.registry.api;

import dev.slipway.registry.audit.AuditEntry;
import dev.slipway.registry.audit.AuditLog;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;

/** The audit log, in order. */
@Path("/api/v1/audit")
public class AuditResource {
  private final AuditLog audit;

  AuditResource(AuditLog audit) {
    this.audit = audit;
  }

  record EntriesJson(List<AuditEntry> entries, Long next) {}

  /** @param after the last sequence seen; {@code next} of the answer is what to give here for the next page */
  @GET
  public EntriesJson list(
      @QueryParam("object") String object,
      @QueryParam("after") @DefaultValue("0") long after,
      @QueryParam("limit") Integer limit) {
    int size = Web.pageSize(limit);
    List<AuditEntry> entries = audit.list(object, after, size);
    return new EntriesJson(
        entries, entries.size() < size ? null : entries.getLast().sequence());
  }
}
