package dev.slipway.registry.api;

import dev.slipway.common.audit.AuditVerifier.Verdict;
import dev.slipway.registry.audit.AuditEntry;
import dev.slipway.registry.audit.AuditExport;
import dev.slipway.registry.audit.AuditLog;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The audit log, in order. */
@Path("/api/v1/audit")
public class AuditResource {
  private final AuditLog audit;
  private final AuditExport export;

  AuditResource(AuditLog audit, AuditExport export) {
    this.audit = audit;
    this.export = export;
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

  /** The whole chain, one JSON object a line, as `slipway audit verify` reads it. */
  @GET
  @Path("/export")
  @Produces("application/x-ndjson")
  public StreamingOutput export() {
    return out -> {
      Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
      export.write(line -> {
        try {
          writer.write(line);
          writer.write('\n');
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
      writer.flush();
    };
  }

  /** @param sequence of the first bad entry; absent when the chain is intact */
  record VerdictJson(
      boolean intact,
      Long entries,
      Long lastSequence,
      String lastHash,
      Set<String> keys,
      Long sequence,
      String reason) {}

  /** @param key the id of the only key whose checkpoints count; absent for any */
  @GET
  @Path("/verify")
  public VerdictJson verify(@QueryParam("key") String key) {
    return switch (export.verify(Optional.ofNullable(key))) {
      case Verdict.Intact it ->
        new VerdictJson(
            true, it.entries(), it.lastSequence(), it.lastHash().value(), it.keys(), null, null);
      case Verdict.Broken it ->
        new VerdictJson(false, null, null, null, null, it.sequence(), it.reason());
    };
  }
}
