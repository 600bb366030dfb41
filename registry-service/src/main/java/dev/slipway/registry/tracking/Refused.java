package dev.slipway.registry.tracking;

import dev.slipway.registry.problem.RegistryException;

/** The three ways in which tracking refuses a request. Messages are MLflow's, as its clients look for them. */
final class Refused {
  private Refused() {}

  static RegistryException invalid(String message) {
    return new RegistryException.Invalid(message);
  }

  static RegistryException notFound(String message) {
    return new RegistryException.NotFound("not-found", message);
  }

  static RegistryException exists(String message) {
    return new RegistryException.AlreadyExists("already-exists", message);
  }
}
