package dev.slipway.registry.web;

import java.util.List;

/**
 * One model: its versions by stage, what waits for review, and what happened.
 *
 * @param live null when none is
 * @param previous what a rollback returns to; null when there is nothing
 * @param rollout the release on its way; null when none is
 * @param allOpen address of the other open requests; empty where all are shown
 * @param older address of what happened before; empty where that is all
 * @param command registers a version, for the empty state
 */
public record ModelBoard(
    String name,
    String href,
    String description,
    List<Pair> tags,
    List<Pair> aliases,
    Integer live,
    Integer previous,
    Rolling rollout,
    String policy,
    List<Column> stages,
    boolean empty,
    List<RequestLine> open,
    String allOpen,
    List<Event> history,
    String older,
    String command) {

  /** A name and its value. */
  public record Pair(String name, String value) {}

  /**
   * A release on its way; without {@code traffic} all requests still go to the live version.
   *
   * @param step the number of the step that it is at, from 1; null where it is at none
   */
  public record Rolling(
      long id, String state, String message, List<TrafficBar> traffic, Integer step) {}

  /**
   * The versions of one stage.
   *
   * @param next address of the next page of them; empty on the last
   */
  public record Column(String stage, List<Card> versions, String next) {}

  /** @param role "live", "standby" or empty */
  public record Card(
      int number,
      String href,
      String role,
      String servable,
      String description,
      Moment created,
      String createdBy) {}

  /**
   * What happened.
   *
   * @param href of its request; empty when there is none
   * @param back the version that this row offers to roll back to; null when it offers nothing
   */
  public record Event(String text, Moment at, String href, Integer back) {}
}
