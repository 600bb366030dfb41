package dev.slipway.common.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.report.ReplicaReport.Selector;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SelectorTest {

  @Test
  void emptySelectorMatchesEveryModel() {
    assertThat(Selector.all().matches("iris", Map.of())).isTrue();
    assertThat(new Selector(null, null)).isEqualTo(Selector.all());
  }

  @Test
  void nameAndEveryTagMustMatch() {
    var selector = new Selector(List.of("iris", "mlp"), Map.of("team", "a", "tier", "1"));

    assertThat(selector.matches("iris", Map.of("team", "a", "tier", "1", "more", "x")))
        .isTrue();
    assertThat(selector.matches("iris", Map.of("team", "a"))).isFalse();
    assertThat(selector.matches("iris", Map.of("team", "a", "tier", "2"))).isFalse();
    assertThat(selector.matches("cnn", Map.of("team", "a", "tier", "1"))).isFalse();
  }
}
