package dev.slipway.registry.artifact;

import dev.slipway.common.store.ObjectStore;
import dev.slipway.common.store.ObjectStoreException;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether the object store answers. A rollback needs no store, so this is told and does not make the registry unready. */
@Readiness
@ApplicationScoped
class StoreHealth implements HealthCheck {
  private final ObjectStore store;

  StoreHealth(ObjectStore store) {
    this.store = store;
  }

  @Override
  public HealthCheckResponse call() {
    var response = HealthCheckResponse.named("object store").up();
    try {
      store.stat("health");
      return response.withData("reachable", true).build();
    } catch (ObjectStoreException away) {
      return response.withData("reachable", false).build();
    }
  }
}
