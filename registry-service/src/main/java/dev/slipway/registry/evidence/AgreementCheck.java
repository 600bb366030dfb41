package dev.slipway.registry.evidence;

import dev.slipway.common.job.Finding;
import dev.slipway.registry.release.Settings;
import jakarta.inject.Singleton;
import java.util.Map;

/** Whether it answers what callers really send as the live version does, where a gateway keeps some of their requests. */
@Singleton
class AgreementCheck extends ProbeCheck {
  private final Settings settings;

  AgreementCheck(Settings settings) {
    super("agreement", true);
    this.settings = settings;
  }

  @Override
  boolean needsModel() {
    return true;
  }

  @Override
  public Step examine(Subject subject) {
    if (subject.live().isPresent()
        && !settings.get(subject.model().name()).settings().keepsRequests()) {
      return new Found(Finding.warning(
          "not compared: no requests are kept; the model's setting sample_requests says how many a gateway keeps on its own disk",
          Map.of()));
    }
    return super.examine(subject);
  }
}
