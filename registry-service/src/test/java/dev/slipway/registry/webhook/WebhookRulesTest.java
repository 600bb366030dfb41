package dev.slipway.registry.webhook;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.registry.problem.RegistryException.Invalid;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookRulesTest {
  private final WebhookRules strict = new WebhookRules(false);
  private final WebhookRules local = new WebhookRules(true);

  @ParameterizedTest
  @ValueSource(strings = {"a", "my-hook.v1_2", "A9", "0"})
  void namesBeginAndEndWithALetterOrDigit(String name) {
    assertThatCode(() -> strict.name(name)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-a",
        "a-",
        "a b",
        "a/b",
        "ä",
        "1234567890123456789012345678901234567890123456789012345678901234"
      })
  void otherNamesAreRefused(String name) {
    assertThatThrownBy(() -> strict.name(name))
        .isInstanceOf(Invalid.class)
        .hasMessageContaining("Webhook name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com",
        "ftp://example.com",
        "https://",
        "https:///path",
        "example.com/no-scheme",
        "",
        "  ",
        "https://exa mple.com",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest",
        "https://localhost/x",
        "https://[::ffff:10.0.0.1]/",
        "file:///etc/passwd"
      })
  void addressesThatAreNotPublicAreRefused(String url) {
    assertThatThrownBy(() -> strict.url(url)).isInstanceOf(Invalid.class);
  }

  @Test
  void aNameThatDoesNotResolveYetIsTaken() {
    assertThatCode(() -> strict.url("https://not-there-yet.invalid/hook"))
        .doesNotThrowAnyException();
  }

  @Test
  void aLocalStackMayUseHttpAndLoopback() {
    assertThatCode(() -> local.url("http://127.0.0.1:9/hook")).doesNotThrowAnyException();
    assertThatThrownBy(() -> local.url("ftp://127.0.0.1/"))
        .hasMessageContaining("Allowed schemes are: https, http.");
  }

  @Test
  void mlflowsApiTakesOnlyMlflowsEvents() {
    List<WebhookEvent> events =
        List.of(WebhookEvent.MODEL_VERSION_CREATED, WebhookEvent.RELEASE_LIVE);
    assertThatThrownBy(() -> strict.events(events, Webhook.Origin.MLFLOW))
        .isInstanceOf(Invalid.class);
    assertThatCode(() -> strict.events(events, Webhook.Origin.NATIVE)).doesNotThrowAnyException();
    assertThatThrownBy(() -> strict.events(List.of(), Webhook.Origin.NATIVE))
        .hasMessageContaining("non-empty list");
  }
}
