package dev.slipway.common.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.json.WireJson;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutputSketchTest {

  @Test
  void bucketsFollowTheOrderOfTheValues() {
    float[] rising = {
      Float.NEGATIVE_INFINITY,
      -1e30f,
      -8,
      -1,
      -0.5f,
      -1e-30f,
      0,
      1e-30f,
      0.5f,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      1e30f,
      Float.POSITIVE_INFINITY
    };
    for (int i = 1; i < rising.length; i++) {
      assertThat(OutputSketch.bucketOf(rising[i]))
          .as("%s after %s", rising[i], rising[i - 1])
          .isGreaterThan(OutputSketch.bucketOf(rising[i - 1]));
    }
    assertThat(OutputSketch.bucketOf(Float.NaN)).isLessThan(OutputSketch.BUCKETS);
    assertThat(OutputSketch.bucketOf(-0.0f)).isEqualTo(OutputSketch.bucketOf(0.0f));
  }

  @Test
  void mergesByAddingAndTheDistanceIsTheLargestGap() {
    OutputSketch low = OutputSketch.of(Map.of(10, 3L, 20, 1L));
    OutputSketch high = OutputSketch.of(Map.of(20, 1L, 30, 3L));
    assertThat(low.distance(low.plus(low))).isZero();
    assertThat(low.distance(high)).isEqualTo(0.75);
    assertThat(low.plus(high).minus(high)).isEqualTo(low);
    assertThat(low.distance(OutputSketch.empty())).isNaN();
  }

  @Test
  void travelsAsCountsByBucket() throws Exception {
    OutputSketch sketch = OutputSketch.of(Map.of(10, 3L, 20, 1L));
    String json = WireJson.mapper().writeValueAsString(sketch);
    assertThat(json).isEqualTo("{\"10\":3,\"20\":1}");
    assertThat(WireJson.mapper().readValue(json, OutputSketch.class)).isEqualTo(sketch);
  }
}
