package dev.slipway.registry.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SignatureTest {
  /** Computed by {@code mlflow.webhooks.delivery._generate_hmac_signature} of MLflow 3.17.2. */
  @Test
  void itIsTheOneThatMlflowMakes() {
    assertThat(Signature.of(
            "whsec_äbc",
            "3f1c6a54-0000-4000-8000-1234567890ab",
            1_700_000_000L,
            "{\"entity\": \"model_version\", \"data\": {\"name\": \"modèle\"}}"))
        .isEqualTo("v1,lgVKL/JtOlA2+/pyiWyOcf8dgJPilM7TU07N2rsirgI=");
  }
}
