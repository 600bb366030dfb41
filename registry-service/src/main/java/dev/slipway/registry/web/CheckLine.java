package dev.slipway.registry.web;

import dev.slipway.registry.review.PolicyRules;
import dev.slipway.registry.review.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A check of a request.
 *
 * @param mark a sign beside the verdict, so that nobody needs to see its colour
 * @param verdict in words; "awaited" for a required one that nobody has reported
 * @param href where the details are; empty for nowhere
 * @param at when it was last reported; null when it never was
 * @param panel whether its figures have a panel of their own, which has its name as its id
 */
public record CheckLine(
    String name,
    String mark,
    String verdict,
    String kind,
    boolean required,
    String summary,
    String href,
    String reporter,
    Moment at,
    CheckData data,
    boolean panel) {

  /** The required ones first, then by name; with those that are required and not there. */
  static List<CheckLine> of(Request request, Frame frame) {
    PolicyRules.MoveRule rule =
        request.policy() == null ? null : request.policy().rules().moves().get(request.to());
    Set<String> required = rule == null ? Set.of() : rule.checks();
    List<CheckLine> lines = new ArrayList<>();
    Set<String> awaited = new TreeSet<>(required);
    for (Request.CheckView check : request.checks()) {
      awaited.remove(check.name());
      lines.add(reported(check, required.contains(check.name()), frame));
    }
    for (String name : awaited) {
      lines.add(new CheckLine(
          name,
          "●",
          "awaited",
          "awaited",
          true,
          "nobody has reported it yet",
          "",
          "",
          null,
          CheckData.of(null),
          false));
    }
    lines.sort((one, other) -> one.required() == other.required()
        ? one.name().compareTo(other.name())
        : one.required() ? -1 : 1);
    return lines;
  }

  private static CheckLine reported(Request.CheckView check, boolean required, Frame frame) {
    boolean panel = check.source().equals("slipway")
        && EvidencePanels.SHOWN.contains(check.name())
        && check.data() != null
        && !check.data().isEmpty();
    String kind = switch (check.verdict()) {
      case "green" -> "good";
      case "red" -> "bad";
      case "warning" -> "warn";
      case "not_run", "skipped" -> "quiet";
      default -> "awaited";
    };
    return new CheckLine(
        check.name(),
        switch (kind) {
          case "good" -> "✓";
          case "bad" -> "✗";
          case "warn" -> "!";
          case "quiet" -> "–";
          default -> "●";
        },
        check.verdict().replace('_', ' '),
        kind,
        required,
        check.summary() == null ? "" : check.summary(),
        Links.web(check.url()),
        check.reporter() == null ? "" : check.reporter(),
        check.at() == null ? null : frame.moment(check.at()),
        panel ? CheckData.of(null) : CheckData.of(check.data()),
        panel);
  }
}
