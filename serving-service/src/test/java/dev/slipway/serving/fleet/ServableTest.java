package dev.slipway.serving.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.serving.sample.Sampler;
import dev.slipway.serving.testing.Feeds;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ServableTest {
  private final AtomicInteger unused = new AtomicInteger();

  @Test
  void isUnusedOnceWhenTheLastReferenceIsGivenBack() {
    Servable servable = servable();
    assertThat(servable.retain()).isTrue();

    servable.release();
    assertThat(unused).hasValue(0);
    servable.release();

    assertThat(unused).hasValue(1);
  }

  @Test
  void cannotBeRetainedAfterTheLastReferenceIsGone() {
    Servable servable = servable();
    servable.release();

    assertThat(servable.retain()).isFalse();
    assertThat(servable.retain()).isFalse();
    assertThat(unused).hasValue(1);
  }

  @Test
  void aLeaseClosedTwiceGivesBackOneReference() {
    Servable servable = servable();
    servable.retain();
    var lease =
        new Lease(servable, null, new Mirror(), new Sampler(Path.of("nothing-is-kept")), null);

    lease.close();
    lease.close();

    assertThat(unused).hasValue(0);
    servable.release();
    assertThat(unused).hasValue(1);
  }

  @Test
  void racingRequestsAndTheFleetEndInExactlyOneLastReference() throws Exception {
    int threads = 4;
    try (var pool = Executors.newFixedThreadPool(threads)) {
      for (int round = 0; round < 2_000; round++) {
        unused.set(0);
        Servable servable = servable();
        var together = new CyclicBarrier(threads);
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < threads - 1; i++) {
          done.add(pool.submit(() -> {
            together.await();
            for (int use = 0; use < 5 && servable.retain(); use++) {
              assertThat(unused).hasValue(0);
              servable.release();
            }
            return null;
          }));
        }
        done.add(pool.submit(() -> {
          together.await();
          servable.release();
          return null;
        }));
        for (Future<?> each : done) {
          each.get();
        }
        assertThat(unused).hasValue(1);
      }
    }
  }

  private Servable servable() {
    var id = new ServableId("m", 1, Feeds.digest("v1"), LoadOptions.of(ServingSettings.defaults()));
    return new Servable(
        id,
        1,
        new ServableStats(),
        new ServableState.Loading(1),
        Instant.EPOCH,
        ignored -> unused.incrementAndGet());
  }
}
