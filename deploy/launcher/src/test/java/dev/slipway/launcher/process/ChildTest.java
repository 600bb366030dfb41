package dev.slipway.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChildTest {
  private static final Stop SOON = new Stop("TERM", Duration.ofMillis(300));

  @Test
  void shouldStartAProcessAgainThatWasKilled() throws IOException {
    try (Child child =
        new Child("sleeper", () -> new ProcessBuilder("sleep", "60").start(), SOON)) {
      child.start();
      ProcessHandle first = child.handle().orElseThrow();
      first.destroyForcibly();
      await().untilAsserted(() -> {
        assertThat(child.restarts()).isEqualTo(1);
        assertThat(child.handle()).isPresent().get().isNotEqualTo(first);
      });
    }
  }

  @Test
  void shouldStartItAgainAlthoughAStartFailsOnTheWay() throws IOException {
    AtomicInteger starts = new AtomicInteger();
    Child.Launch launch = () -> {
      if (starts.incrementAndGet() == 2) {
        throw new IOException("no memory just now");
      }
      return new ProcessBuilder("sleep", starts.get() == 1 ? "0" : "60").start();
    };
    try (Child child = new Child("sleeper", launch, SOON)) {
      child.start();
      await().untilAsserted(() -> assertThat(starts).hasValue(3));
      assertThat(child.restarts()).isEqualTo(1);
    }
  }

  @Test
  void shouldWaitLongerEachTimeItEndsAtOnce() throws IOException {
    AtomicInteger starts = new AtomicInteger();
    try (Child child = new Child(
        "crasher",
        () -> new ProcessBuilder("sh", "-c", "exit " + starts.incrementAndGet()).start(),
        SOON)) {
      long begin = System.nanoTime();
      child.start();
      await().untilAsserted(() -> assertThat(starts).hasValue(4));
      // 200 + 400 + 800 ms.
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isGreaterThan(Duration.ofMillis(1_400));
      assertThat(child.firstEnd()).isCompletedWithValue(1);
    }
  }

  @Test
  void shouldKillWhatDoesNotListenAndLeaveItDown() throws IOException {
    Child child = new Child(
        "deaf",
        () -> new ProcessBuilder("sh", "-c", "trap '' TERM; while :; do sleep 0.1; done").start(),
        SOON);
    child.start();
    ProcessHandle process = child.handle().orElseThrow();
    child.close();
    assertThat(process.isAlive()).isFalse();
    assertThat(child.handle()).isEmpty();
    assertThat(child.restarts()).isZero();
  }

  @Test
  void shouldFindAProcessByTheDataThatItsCommandLineNames() throws IOException {
    Path data = Path.of("/data/of/one stack");
    Process ours = new ProcessBuilder("sh", "-c", "sleep 60; :", Leftovers.mark(data)).start();
    Process theirs = new ProcessBuilder(
            "sh", "-c", "sleep 60; :", Leftovers.mark(Path.of("/data/of/one stack2")))
        .start();
    try {
      assertThat(Leftovers.of(data, data.resolve("postgres")))
          .singleElement()
          .satisfies(left -> assertThat(left.process().pid()).isEqualTo(ours.pid()));
    } finally {
      ours.descendants().forEach(ProcessHandle::destroyForcibly);
      theirs.descendants().forEach(ProcessHandle::destroyForcibly);
      ours.destroyForcibly();
      theirs.destroyForcibly();
    }
  }
}
