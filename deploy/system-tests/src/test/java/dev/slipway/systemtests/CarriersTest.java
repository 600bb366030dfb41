package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.systemtests.cluster.Cluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The packaged gateway has the carriers that decision 0028 gives it. What they are for, that a crowd on one event loop leaves the other's
 * requests some, shows in seconds of waiting on one start in three only.
 */
@ExtendWith(SharedCluster.class)
class CarriersTest {
  @Test
  void gatewayHasTwiceAsManyAsProcessors(Cluster cluster) throws IOException {
    Process jcmd = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
            Long.toString(cluster.servings().getFirst().pid()),
            "Thread.vthread_scheduler")
        .redirectErrorStream(true)
        .start();

    assertThat(new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("parallelism = " + 2 * Runtime.getRuntime().availableProcessors() + ",");
  }
}
