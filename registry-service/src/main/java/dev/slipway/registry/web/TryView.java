package dev.slipway.registry.web;

/**
 * The form that asks a gateway for a version's answer.
 *
 * @param obstacle why it cannot be asked now; empty when it can
 * @param body what is in the form
 * @param command the same for a shell; empty when it cannot be asked
 * @param answer null before it was asked
 */
public record TryView(String obstacle, String body, String command, Answer answer) {

  /**
   * What the gateway said.
   *
   * @param took the whole call, as the registry saw it
   * @param version the one that answered, as the gateway names it; empty when none did
   * @param cut whether {@code text} is only the beginning
   */
  public record Answer(
      int status,
      boolean good,
      String replica,
      String took,
      String version,
      String digest,
      String text,
      boolean cut) {}
}
