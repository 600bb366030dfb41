package dev.slipway.registry.watch;

import dev.slipway.registry.problem.RegistryException.Invalid;

/** What can be looked at. */
public sealed interface Topic {

  /** A model: its versions, its open requests, what is live, a release on its way. */
  record OfModel(String name) implements Topic {
    @Override
    public String text() {
      return "model/" + name;
    }
  }

  /** A request: its verdicts, checks and comments, and all that its model's topic covers of its version and the live one. */
  record OfRequest(long id) implements Topic {
    @Override
    public String text() {
      return "request/" + id;
    }
  }

  /** What the serving processes have loaded, and should have. */
  record OfGateways() implements Topic {
    @Override
    public String text() {
      return "gateways";
    }
  }

  /** The requests that wait for somebody. */
  record OfQueue() implements Topic {
    @Override
    public String text() {
      return "requests";
    }
  }

  /** As an address writes it. */
  String text();

  /** @throws Invalid when it is none */
  static Topic of(String text) {
    String wanted = String.valueOf(text);
    int slash = wanted.indexOf('/');
    String rest = wanted.substring(slash + 1);
    if (wanted.equals("gateways")) {
      return new OfGateways();
    }
    if (wanted.equals("requests")) {
      return new OfQueue();
    }
    if (wanted.startsWith("model/")) {
      return new OfModel(rest);
    }
    if (wanted.startsWith("request/") && rest.matches("\\d{1,18}")) {
      return new OfRequest(Long.parseLong(rest));
    }
    throw new Invalid(
        "a topic is model/NAME, request/NUMBER, requests or gateways, not '" + wanted + "'");
  }
}
