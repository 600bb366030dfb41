package dev.slipway.serving.wire;

import java.util.HashMap;
import java.util.Map;

/** The fixtures' gateway, which may hold a megabyte of requests: a body three eighths of it. */
public class ServesInLittleMemory extends ServesFixtures {
  static final int BYTES = 1 << 20;

  @Override
  public Map<String, String> getConfigOverrides() {
    Map<String, String> config = new HashMap<>(super.getConfigOverrides());
    config.put("slipway.serving.predict.max-request-memory", Integer.toString(BYTES));
    config.put("slipway.serving.predict.body-timeout", "PT30S");
    return config;
  }
}
