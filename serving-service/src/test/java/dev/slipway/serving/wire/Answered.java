package dev.slipway.serving.wire;

import static org.awaitility.Awaitility.await;

import java.time.Duration;

/** How many predictions of a model the gateway under test has answered. */
final class Answered {
  private Answered() {}

  static long of(String model) {
    return Gateway.get("/v2/models/" + model + "/stats")
        .json()
        .at("/model_stats/0/inference_stats/success/count")
        .asLong();
  }

  /** Waits until there are more than {@code before}, and no more come. */
  static long awaitTheLastBeyond(long before, String model) {
    await().pollInterval(Duration.ofSeconds(1)).until(() -> {
      long some = of(model);
      Thread.sleep(500);
      return some > before && of(model) == some;
    });
    return of(model);
  }
}
