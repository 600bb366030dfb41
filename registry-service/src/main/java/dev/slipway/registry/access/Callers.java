package dev.slipway.registry.access;

import jakarta.enterprise.context.RequestScoped;

/** The caller of the current request; {@link Caller#ANONYMOUS} until the request filter has looked. */
@RequestScoped
public class Callers {
  private Caller current = new Caller(Caller.ANONYMOUS, java.util.Set.of(), null);

  public Caller current() {
    return current;
  }

  void set(Caller caller) {
    current = caller;
  }
}
