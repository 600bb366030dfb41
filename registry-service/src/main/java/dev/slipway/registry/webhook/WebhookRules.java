package dev.slipway.registry.webhook;

import dev.slipway.registry.problem.RegistryException;
import dev.slipway.registry.problem.RegistryException.Invalid;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;

/** What a webhook may look like; names and texts are MLflow's ({@code mlflow.utils.validation}). */
final class WebhookRules {
  private static final Pattern NAME =
      Pattern.compile("(?=.{1,63}$)[a-z0-9]([a-z0-9._-]*[a-z0-9])?", Pattern.CASE_INSENSITIVE);
  private static final int MAX_URL = 500;
  private static final int MAX_DESCRIPTION = 1000;
  private static final int MAX_SECRET = 1000;

  private final boolean insecure;

  WebhookRules(boolean insecure) {
    this.insecure = insecure;
  }

  void name(String name) {
    if (name == null || !NAME.matcher(name).matches()) {
      throw invalid(
          "Webhook name '" + name + "' is invalid. It must start and end with a letter or digit, "
              + "be less than 63 characters long, and contain only letters, digits, dots (.), underscores (_), and hyphens (-).");
    }
  }

  /** An address that can be seen to be no public one is refused now; a name is looked up again at each attempt. */
  void url(String url) {
    if (url == null || url.isBlank()) {
      throw invalid("Webhook URL cannot be empty or just whitespace: '" + url + "'");
    }
    if (url.length() > MAX_URL) {
      throw invalid("'url' exceeds the maximum length of " + MAX_URL + " characters");
    }
    URI parsed = parse(url);
    List<String> schemes = insecure ? List.of("https", "http") : List.of("https");
    String scheme = parsed.getScheme() == null ? "" : parsed.getScheme();
    if (!schemes.contains(scheme)) {
      throw invalid("Invalid webhook URL scheme: '" + scheme + "'. Allowed schemes are: "
          + String.join(", ", schemes) + ".");
    }
    if (parsed.getHost() == null || parsed.getHost().isEmpty()) {
      throw invalid("Webhook URL must include a hostname: '" + url + "'");
    }
    if (!insecure) {
      host(parsed.getHost());
    }
  }

  private static URI parse(String url) {
    try {
      return new URI(url.strip());
    } catch (URISyntaxException wrong) {
      throw invalid("Invalid webhook URL '" + url + "': " + wrong.getReason());
    }
  }

  private static void host(String host) {
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(host);
    } catch (UnknownHostException notYet) {
      return;
    }
    for (InetAddress address : addresses) {
      if (!PublicAddresses.contains(address)) {
        throw invalid("Webhook URL must not resolve to a non-public IP address: '" + host + "'");
      }
    }
  }

  void description(String description) {
    if (description != null && description.length() > MAX_DESCRIPTION) {
      throw invalid(
          "'description' exceeds the maximum length of " + MAX_DESCRIPTION + " characters");
    }
  }

  void secret(String secret) {
    if (secret != null && secret.length() > MAX_SECRET) {
      throw invalid("'secret' exceeds the maximum length of " + MAX_SECRET + " characters");
    }
  }

  void events(List<WebhookEvent> events, Webhook.Origin origin) {
    if (events == null || events.isEmpty()) {
      throw invalid(
          "Webhook events must be a non-empty list of WebhookEvent objects: " + events + ".");
    }
    if (origin == Webhook.Origin.MLFLOW && !events.stream().allMatch(WebhookEvent::isMlflow)) {
      throw invalid("these events are made through /api/v1/webhooks: " + events);
    }
  }

  private static RegistryException invalid(String message) {
    return new Invalid("invalid-webhook", message);
  }
}
