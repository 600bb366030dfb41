package dev.slipway.registry.web;

import java.util.List;

/** @param next where to go after */
public record SignInView(String next, List<Known> known) {

  /** A name that has roles here. */
  public record Known(String name, String roles) {}
}
