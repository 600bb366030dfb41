package dev.slipway.serving;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Refuses to listen beyond this machine as long as nobody has to prove who they are. */
@Singleton
class BindCheck {
  private final String host;
  private final boolean insecure;

  BindCheck(
      @ConfigProperty(name = "quarkus.http.host") String host,
      @ConfigProperty(name = "slipway.insecure", defaultValue = "false") boolean insecure) {
    this.host = host;
    this.insecure = insecure;
  }

  void check(@Observes @Priority(1) StartupEvent starting) throws UnknownHostException {
    if (!insecure && !InetAddress.getByName(host).isLoopbackAddress()) {
      throw new IllegalStateException("quarkus.http.host is " + host
          + ", which others can reach, and callers are not authenticated: bind to 127.0.0.1, or set "
          + "slipway.insecure=true where the network itself keeps strangers out");
    }
  }
}
