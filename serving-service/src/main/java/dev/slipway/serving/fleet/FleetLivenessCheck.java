package dev.slipway.serving.fleet;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** {@code /q/health/live}. */
@Liveness
class FleetLivenessCheck implements HealthCheck {
  private final FleetHealth health;

  FleetLivenessCheck(FleetHealth health) {
    this.health = health;
  }

  @Override
  public HealthCheckResponse call() {
    var response = HealthCheckResponse.named("fleet");
    return health
        .notAlive()
        .map(why -> response.down().withData("reason", why))
        .orElseGet(response::up)
        .build();
  }
}
