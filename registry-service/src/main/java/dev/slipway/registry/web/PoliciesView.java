package dev.slipway.registry.web;

import java.util.List;

/** The server's own policy, and those of groups of models. */
public record PoliciesView(PolicyCard policy, List<OfGroup> groups) {

  /** @param why which models it holds for */
  public record OfGroup(String name, String href, String why, String line) {}
}
