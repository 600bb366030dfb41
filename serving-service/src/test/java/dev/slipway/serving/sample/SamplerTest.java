package dev.slipway.serving.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplerTest {
  @TempDir
  Path root;

  private Sampler sampler;

  @BeforeEach
  void start() {
    sampler = new Sampler(root);
    sampler.start();
  }

  @AfterEach
  void stop() {
    sampler.close();
  }

  @Test
  void whatIsKeptIsReadBackAsItWasSent() throws IOException {
    sampler.keep(Map.of("a/b", 3));
    await().until(() -> {
      sampler.offer("a/b", List.of(floats(1.5f, Float.NaN)));
      return read("a/b").size() == 3;
    });

    List<Tensor> request = read("a/b").getFirst();

    assertThat(request).hasSize(1);
    assertThat(request.getFirst().shape()).isEqualTo(Shape.of(1, 2));
    assertThat(request.getFirst().data().isDirect()).isTrue();
    assertThat(request.getFirst().data().getFloat(0)).isEqualTo(1.5f);
    assertThat(request.getFirst().data().getFloat(4)).isNaN();
  }

  @Test
  void whetherSomeAreHeldIsKnownAlsoAfterARestart() {
    assertThat(sampler.holdsSome("m")).isFalse();
    sampler.keep(Map.of("m", 2));
    await().until(() -> {
      sampler.offer("m", List.of(floats(1)));
      return sampler.holdsSome("m");
    });
    try (var again = new Sampler(root)) {
      again.start();
      again.keep(Map.of("m", 2, "none", 2));
      await().until(() -> again.holdsSome("m"));
      assertThat(again.holdsSome("none")).isFalse();
      again.keep(Map.of());
      await().until(() -> !again.holdsSome("m"));
    }
  }

  @Test
  void aRingNeverHoldsMoreThanItsSizeAndNothingOfOtherModels() {
    sampler.keep(Map.of("m", 2));
    await().until(() -> {
      sampler.offer("m", List.of(floats(1)));
      sampler.offer("other", List.of(floats(1)));
      return read("m").size() == 2;
    });

    await().during(java.time.Duration.ofMillis(500)).until(() -> {
      sampler.offer("m", List.of(floats(2)));
      return read("m").size() == 2;
    });
    assertThat(SampleRing.of(root, "other").folder()).doesNotExist();
  }

  @Test
  void whatIsSwitchedOffIsDeletedAlsoWhatAnEarlierProcessLeft() throws IOException {
    SampleRing.of(root, "left").put(0, List.of(floats(1)));
    sampler.keep(Map.of("m", 2));
    await().until(() -> {
      sampler.offer("m", List.of(floats(1)));
      return !read("m").isEmpty();
    });
    await().until(() -> !Files.exists(SampleRing.of(root, "left").folder()));

    sampler.keep(Map.of());

    await().until(() -> !Files.exists(SampleRing.of(root, "m").folder()));
  }

  @Test
  void aSmallerRingForgetsTheRestAndAnUnreadableRequestIsLeftOut() throws IOException {
    SampleRing ring = SampleRing.of(root, "m");
    for (int place = 0; place < 4; place++) {
      ring.put(place, List.of(floats(place)));
    }
    Files.write(ring.folder().resolve("0.sample"), new byte[] {1, 2, 3});

    sampler.keep(Map.of("m", 3));

    await().until(() -> !Files.exists(ring.folder().resolve("3.sample")));
    assertThat(ring.read()).hasSize(2);
  }

  @Test
  void aLargeRequestIsNotKept() {
    sampler.keep(Map.of("m", 2));
    sampler.offer("m", List.of(floats(new float[SampleRing.MAX_BYTES / 4 + 1])));
    await().until(() -> {
      sampler.offer("m", List.of(floats(1)));
      return read("m").size() == 2;
    });
    assertThat(read("m")).allMatch(request -> request.getFirst().data().remaining() == 4);
  }

  private List<List<Tensor>> read(String model) {
    try {
      return SampleRing.of(root, model).read();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Tensor floats(float... values) {
    ByteBuffer data = ByteBuffer.allocateDirect(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      data.putFloat(value);
    }
    return new Tensor("X", DataType.FP32, Shape.of(1, values.length), data.flip());
  }
}
