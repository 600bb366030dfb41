package dev.slipway.registry.web;

import java.util.List;

/**
 * The policy of a model, of a group or of the server: in words, to fill in, and what it was before.
 *
 * @param why whose policy it is
 * @param words rule by rule
 * @param seen the record that the form is filled from, which a change must still find in force
 * @param group which models it holds for; null where that is not chosen here
 * @param text as JSON, or what somebody typed that was refused
 * @param textShown whether the JSON is what was refused
 * @param obstacle why the caller cannot change it; empty when it can
 */
public record PolicyCard(
    int number,
    String by,
    Moment at,
    String why,
    List<ModelBoard.Pair> words,
    long seen,
    PolicyForm form,
    OfGroup group,
    String text,
    boolean textShown,
    String obstacle,
    List<Past> past) {

  /**
   * @param fresh whether it has no policy yet, and its name is to be chosen
   * @param address where a change is sent
   */
  public record OfGroup(
      boolean fresh,
      String address,
      PolicyForm.Field name,
      PolicyForm.Field prefix,
      PolicyForm.Field tag,
      PolicyForm.Field value) {}

  /** @param withdrawn whether this record took the policy away */
  public record Past(int number, boolean withdrawn, String line, String by, Moment at) {}
}
