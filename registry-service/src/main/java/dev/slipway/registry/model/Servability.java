package dev.slipway.registry.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.model.VersionView.Servable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.HashMap;
import java.util.Map;

/** What the gateways find out about serving a version. */
@ApplicationScoped
public class Servability {
  private final VersionRepository versions;
  private final AuditLog audit;

  Servability(VersionRepository versions, AuditLog audit) {
    this.versions = versions;
    this.audit = audit;
  }

  /**
   * Records what is known now, which is no change of the version: it neither fails by a person's change at the same moment nor makes
   * that one fail. Audited where it is another verdict, format or signature than before.
   *
   * @param actor the replica that found it out
   * @param format null leaves it as it is, like {@code signature} and {@code inspection}
   * @throws dev.slipway.registry.problem.RegistryException.NotFound when the version is gone
   */
  @Transactional
  public void record(
      Caller actor,
      long id,
      Servable servable,
      String format,
      ModelSignature signature,
      Object inspection) {
    VersionEntity entity = versions.require(id);
    Map<String, Object> before = known(entity);
    versions.setServable(
        id,
        servable,
        format,
        signature == null ? null : VersionRepository.write(signature),
        inspection == null ? null : VersionRepository.write(inspection));
    Map<String, Object> after = known(entity);
    if (!before.equals(after)) {
      audit.append(actor, "version.inspect", Versions.path(entity), entity.digest, before, after);
    }
  }

  /**
   * As {@link #record}: nobody knows, as it is asked anew or no replica could say.
   *
   * @param why null while it is asked
   */
  @Transactional
  public void unknown(long id, String why) {
    record(Caller.REGISTRY, id, new Servable(Servable.State.UNKNOWN, why), null, null, null);
  }

  private static Map<String, Object> known(VersionEntity entity) {
    Map<String, Object> known = new HashMap<>();
    known.put("servable", entity.servable);
    known.put("reason", entity.servableReason);
    known.put("format", entity.format);
    known.put("signature", VersionRepository.read(entity.signature, JsonNode.class));
    return known;
  }
}
