package dev.slipway.serving.fleet;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** {@code /q/health/ready}. */
@Readiness
class FleetReadinessCheck implements HealthCheck {
  private final FleetHealth health;

  FleetReadinessCheck(FleetHealth health) {
    this.health = health;
  }

  @Override
  public HealthCheckResponse call() {
    var response = HealthCheckResponse.named("fleet");
    return health
        .notReady()
        .map(why -> response.down().withData("reason", why))
        .orElseGet(response::up)
        .build();
  }
}
