package dev.slipway.registry.web;

import java.util.List;

/**
 * The review queue.
 *
 * @param state the requests shown; "all" for every one
 * @param model whose requests are shown; empty for all models
 * @param next address of the next page; empty on the last
 */
public record QueueView(
    String state,
    String model,
    List<State> states,
    List<RequestLine> requests,
    String next,
    String command) {

  /** A choice of the filter. */
  public record State(String label, boolean current) {}
}
