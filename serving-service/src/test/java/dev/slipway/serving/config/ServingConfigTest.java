package dev.slipway.serving.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.store.StoreSettings;
import dev.slipway.serving.testing.TestConfigs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServingConfigTest {

  @Test
  void defaultsAreWhatTheDocumentationSays() {
    var config = TestConfigs.of(Map.of()).getConfigMapping(ServingConfig.class);

    assertThat(config.dataDir()).isEqualTo(Path.of(".slipway/serving"));
    assertThat(config.replica()).isEmpty();
    assertThat(config.url()).isEmpty();
    assertThat(config.models()).isEmpty();
    assertThat(config.selectorTags()).isEmpty();
    assertThat(config.cache().maxSize().asLongValue()).isEqualTo(32L << 30);
    assertThat(config.loads().concurrency()).isEqualTo(2);
    assertThat(config.loads().memoryFactor()).isEqualTo(1.5);
    assertThat(config.memoryBudget()).isEmpty();
    assertThat(config.staleAfter()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.maxStaleness()).isEmpty();
    assertThat(config.jobs().enabled()).isTrue();
  }

  @Test
  void everyKeyIsRead() {
    var config = TestConfigs.of(Map.ofEntries(
            Map.entry("slipway.serving.data-dir", "/d"),
            Map.entry("slipway.serving.replica", "r"),
            Map.entry("slipway.serving.url", "http://h"),
            Map.entry("slipway.serving.models", "a,b"),
            Map.entry("slipway.serving.selector-tags", "team:x,tier:1"),
            Map.entry("slipway.serving.cache.max-size", "1G"),
            Map.entry("slipway.serving.loads.concurrency", "5"),
            Map.entry("slipway.serving.loads.memory-factor", "2"),
            Map.entry("slipway.serving.memory-budget", "3G"),
            Map.entry("slipway.serving.stale-after", "9S"),
            Map.entry("slipway.serving.max-staleness", "2M"),
            Map.entry("slipway.serving.jobs.enabled", "false")))
        .getConfigMapping(ServingConfig.class);

    assertThat(config.dataDir()).isEqualTo(Path.of("/d"));
    assertThat(config.replica()).contains("r");
    assertThat(config.url()).contains("http://h");
    assertThat(config.models().orElseThrow()).containsExactly("a", "b");
    assertThat(config.selectorTags().orElseThrow()).containsExactly("team:x", "tier:1");
    assertThat(config.cache().maxSize().asLongValue()).isEqualTo(1L << 30);
    assertThat(config.loads().concurrency()).isEqualTo(5);
    assertThat(config.loads().memoryFactor()).isEqualTo(2);
    assertThat(config.memoryBudget().orElseThrow().asLongValue()).isEqualTo(3L << 30);
    assertThat(config.staleAfter()).isEqualTo(Duration.ofSeconds(9));
    assertThat(config.maxStaleness()).contains(Duration.ofMinutes(2));
    assertThat(config.jobs().enabled()).isFalse();
  }

  @Test
  void anS3StoreNeedsItsKeysAndSaysWhich() {
    var incomplete =
        store(Map.of("slipway.store.kind", "s3", "slipway.store.s3.url", "http://h:9000"));
    assertThatThrownBy(incomplete::settings)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("slipway.store.s3.bucket");

    var complete = store(Map.of(
        "slipway.store.kind", "s3",
        "slipway.store.s3.url", "http://h:9000",
        "slipway.store.s3.bucket", "models",
        "slipway.store.s3.access-key", "a",
        "slipway.store.s3.secret-key", "s"));
    assertThat(complete.settings()).isInstanceOf(StoreSettings.S3.class);
    assertThatThrownBy(store(Map.of("slipway.store.kind", "ftp"))::settings)
        .hasMessageContaining("'directory' or 's3'");
  }

  private static StoreConfig store(Map<String, String> keys) {
    return TestConfigs.of(keys).getConfigMapping(StoreConfig.class);
  }
}
