package dev.slipway.registry.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.store.ObjectStore;
import dev.slipway.common.store.ObjectStoreException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;

class StoreHealthTest {
  @Test
  void aStoreThatIsDownIsToldAndTheRegistryStaysReady() {
    HealthCheckResponse down = health(() -> {
      throw new ObjectStoreException.Unreachable("health", "nobody listens", null);
    });

    assertThat(down.getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
    assertThat(down.getData()).contains(Map.of("reachable", false));
  }

  @Test
  void aStoreThatAnswersIsReachableWhateverItHolds() {
    assertThat(health(Optional::empty).getData()).contains(Map.of("reachable", true));
  }

  private static HealthCheckResponse health(Supplier<Object> answer) {
    var store = (ObjectStore) Proxy.newProxyInstance(
        ObjectStore.class.getClassLoader(),
        new Class<?>[] {ObjectStore.class},
        (proxy, method, arguments) -> answer.get());
    return new StoreHealth(store).call();
  }
}
