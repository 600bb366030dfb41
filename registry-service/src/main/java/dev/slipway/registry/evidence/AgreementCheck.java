package dev.slipway.registry.evidence;

import dev.slipway.common.job.Finding;
import dev.slipway.registry.release.Settings;
import jakarta.inject.Singleton;

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
      return new Found(
          Finding.skipped(
              "not compared: no sample requests kept. With the model's setting sample_requests, say 200, gateways keep that many"));
    }
    return super.examine(subject);
  }
}
