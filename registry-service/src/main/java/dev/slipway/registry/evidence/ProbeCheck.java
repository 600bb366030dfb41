package dev.slipway.registry.evidence;

import dev.slipway.common.job.Finding;
import dev.slipway.registry.model.VersionView.Servable;
import java.util.LinkedHashMap;
import java.util.Map;

/** A check whose executor, of the same name, is in the gateway, because only that runs models. */
abstract class ProbeCheck implements EvidenceCheck {
  private final String name;
  private final boolean againstLive;

  ProbeCheck(String name, boolean againstLive) {
    this.name = name;
    this.againstLive = againstLive;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final boolean comparesWithLive() {
    return againstLive;
  }

  @Override
  public Step examine(Subject subject) {
    Servable servable = subject.version().servable();
    if (againstLive && subject.live().isEmpty()) {
      return new Found(
          Finding.green("nothing is live: there is nothing to compare with", Map.of()));
    }
    if (needsModel() && servable.state() == Servable.State.NO) {
      return new Found(Finding.red("it cannot be run: " + servable.reason(), Map.of()));
    }
    if (needsModel() && servable.state() == Servable.State.UNKNOWN) {
      return servable.reason() == null
          ? new Waiting()
          : new Found(Finding.warning("it could not be run: " + servable.reason(), Map.of()));
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    subject.thresholds().forEach((limit, value) -> parameters.put(limit, value.toString()));
    if (againstLive) {
      parameters.put("live_digest", subject.live().orElseThrow().digest().value());
    }
    return new AskGateway(parameters);
  }

  /** Whether it loads the model, and not only reads its files. */
  abstract boolean needsModel();
}
