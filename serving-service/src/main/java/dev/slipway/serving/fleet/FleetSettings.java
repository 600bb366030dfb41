package dev.slipway.serving.fleet;

import com.sun.management.OperatingSystemMXBean;
import dev.slipway.common.report.ReplicaReport.Selector;
import dev.slipway.serving.config.ServingConfig;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/** The configuration in the fleet's terms. */
final class FleetSettings {
  /** What a session takes whatever its files weigh. */
  private static final long SESSION_BYTES = 8L << 20;

  private FleetSettings() {}

  /** @throws IllegalArgumentException when a tag is not written {@code key:value} */
  static Selector selector(ServingConfig config) {
    Map<String, String> tags = new HashMap<>();
    for (String tag : config.selectorTags().orElse(List.of())) {
      int colon = tag.indexOf(':');
      if (colon <= 0) {
        throw new IllegalArgumentException(
            "slipway.serving.selector-tags holds tags written key:value, not '" + tag + "'");
      }
      tags.put(tag.substring(0, colon).strip(), tag.substring(colon + 1).strip());
    }
    return new Selector(config.models().orElse(List.of()), tags);
  }

  /** What the operator says, else three quarters of what the machine or container has. */
  static long budgetBytes(ServingConfig config) {
    if (config.memoryBudget().isPresent()) {
      return config.memoryBudget().get().asLongValue();
    }
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getTotalMemorySize() / 4 * 3;
  }

  /** What files of so many bytes are taken to need in memory. */
  static LongUnaryOperator memoryOfFiles(ServingConfig config) {
    double factor = config.loads().memoryFactor();
    return fileBytes -> SESSION_BYTES + Math.round(fileBytes * factor);
  }
}
