package dev.slipway.registry.api;

import dev.slipway.registry.access.Principals;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Refuses to start where it would be open to the network without authentication, and seeds the principals. */
@ApplicationScoped
class Startup {
  private static final Set<String> LOOPBACK =
      Set.of("127.0.0.1", "localhost", "::1", "0:0:0:0:0:0:0:1");

  void start(
      @Observes StartupEvent event,
      Principals principals,
      @ConfigProperty(name = "quarkus.http.host") String host,
      @ConfigProperty(name = "slipway.insecure", defaultValue = "false") boolean insecure,
      @ConfigProperty(name = "slipway.access.seed") java.util.Optional<String> seed) {
    if (!insecure && !LOOPBACK.contains(host)) {
      throw new IllegalStateException(
          "quarkus.http.host=" + host + " would let the network in without authentication. Bind to"
              + " 127.0.0.1, or set slipway.insecure=true if something in front of this service authenticates callers");
    }
    seed.ifPresent(principals::seed);
  }
}
