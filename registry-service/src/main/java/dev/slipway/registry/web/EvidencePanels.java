package dev.slipway.registry.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.review.Request;
import dev.slipway.registry.web.EvidenceView.Disagreement;
import dev.slipway.registry.web.EvidenceView.MetricRow;
import dev.slipway.registry.web.EvidenceView.SizeRow;
import dev.slipway.registry.web.EvidenceView.TimeRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.StreamSupport;

/** Reads the stored findings of Slipway's own checks, each in the form that its check writes, into what a page compares. */
final class EvidencePanels {
  /** The checks whose figures stand in a panel of their own. */
  static final Set<String> SHOWN = Set.of("metrics", "golden", "latency");

  private static final String NOT_MADE = "It has not been made yet.";
  private static final int MOST_METRICS = 100;

  private final Request request;
  private final VersionView candidate;
  private final VersionView live;

  private EvidencePanels(Request request, VersionView candidate, VersionView live) {
    this.request = request;
    this.candidate = candidate;
    this.live = live;
  }

  /**
   * @param candidate null when it was deleted since: then the figures are those that the checks recorded
   * @param live what the candidate is compared with; null for nothing
   */
  static EvidenceView of(
      Request request,
      VersionView candidate,
      VersionView live,
      List<EvidenceView.OriginLine> origins) {
    return new EvidencePanels(request, candidate, live).view(origins);
  }

  private EvidenceView view(List<EvidenceView.OriginLine> origins) {
    List<MetricRow> metrics = metrics();
    List<TimeRow> times = times();
    return new EvidenceView(
        metrics,
        note("metrics", metrics.isEmpty()),
        join(data("metrics").path("other_data")),
        note("golden", true),
        disagreements(),
        times,
        note("latency", times.isEmpty()),
        ratio(),
        sizes(),
        origins);
  }

  private Request.CheckView check(String name) {
    return request.checks().stream()
        .filter(it -> it.name().equals(name) && it.source().equals("slipway"))
        .findFirst()
        .orElse(null);
  }

  private JsonNode data(String name) {
    Request.CheckView check = check(name);
    return check == null || check.data() == null ? MissingNode.getInstance() : check.data();
  }

  /** What the check says in words, where its figures do not, and whether they are of before. */
  private String note(String name, boolean withoutFigures) {
    Request.CheckView check = check(name);
    if (check == null) {
      return "";
    }
    return switch (check.verdict()) {
      case "pending" -> NOT_MADE;
      case "not_run" -> "It was not made before the request closed.";
      case "stale" ->
        "It is being made again; found before: "
            + (check.summary() == null ? "nothing" : check.summary());
      default ->
        withoutFigures && check.summary() != null ? PolicyWords.sentence(check.summary()) : "";
    };
  }

  private List<MetricRow> metrics() {
    return stream(data("metrics").path("metrics"))
        .limit(MOST_METRICS)
        .map(EvidencePanels::metric)
        .toList();
  }

  private static MetricRow metric(JsonNode row) {
    JsonNode before = row.path("live");
    JsonNode after = row.path("version");
    String result = row.path("result").asText();
    String kind = switch (result) {
      case "worse", "missing", "no number" -> "bad";
      case "not judged" -> "quiet";
      default -> "good";
    };
    return new MetricRow(
        row.path("metric").asText(),
        switch (row.path("better").asText()) {
          case "higher" -> "higher is better";
          case "lower" -> "lower is better";
          default -> "its name does not tell";
        },
        number(before),
        number(after),
        before.isNumber() && after.isNumber()
            ? difference(before.asDouble(), after.asDouble())
            : "",
        row.path("may_be_worse_by").isNumber() ? number(row.path("may_be_worse_by")) : "",
        result,
        kind.equals("bad") ? "✗" : kind.equals("good") ? "✓" : "·",
        kind);
  }

  private List<Disagreement> disagreements() {
    return stream(data("golden").path("top"))
        .map(it -> new Disagreement(
            it.path("where").asText(),
            it.path("index").asText(),
            it.path("expected").asText(),
            it.path("actual").asText(),
            number(it.path("off_by"))))
        .toList();
  }

  private List<TimeRow> times() {
    JsonNode before = data("latency").path("live");
    JsonNode after = data("latency").path("version");
    List<TimeRow> rows = new ArrayList<>();
    double most =
        Math.max(before.path("p99_ms").asDouble(), after.path("p99_ms").asDouble());
    for (String name : List.of("p50", "p95", "p99")) {
      JsonNode one = before.path(name + "_ms");
      JsonNode other = after.path(name + "_ms");
      if (one.isNumber() && other.isNumber()) {
        rows.add(new TimeRow(
            name,
            number(one) + " ms",
            number(other) + " ms",
            one.asDouble() == 0
                ? ""
                : String.format(Locale.ROOT, "%.2f ×", other.asDouble() / one.asDouble()),
            bar(one.asDouble(), most),
            bar(other.asDouble(), most)));
      }
    }
    return rows;
  }

  /** At least 1: what is there is seen. */
  private static int bar(double value, double most) {
    return most == 0 ? 1 : (int) Math.clamp(value / most * EvidenceView.BAR, 1, EvidenceView.BAR);
  }

  private String ratio() {
    JsonNode data = data("latency");
    return data.path("ratio").isNumber()
        ? number(data.path("ratio"))
            + " times as long as live, in the middle of alternating rounds; the limit is "
            + number(data.path("limit")) + " times"
        : "";
  }

  private List<SizeRow> sizes() {
    List<SizeRow> rows = new ArrayList<>();
    size(rows, "Files", totalSize(live), totalSize(candidate));
    size(rows, "Most memory while it was inspected", "peak_memory_bytes");
    size(rows, "Memory once loaded", "memory_growth_bytes");
    size(rows, "Memory one after the other", measured("live"), measured("version"));
    Long before = inspected(live, "load_ms");
    Long after = inspected(candidate, "load_ms");
    if (after != null) {
      rows.add(new SizeRow(
          "Load time",
          before == null ? "" : before + " ms",
          after + " ms",
          before == null ? "" : milliseconds(after - before)));
    }
    return rows;
  }

  private static Long totalSize(VersionView version) {
    return version == null ? null : version.totalSize();
  }

  private static String milliseconds(long difference) {
    return difference == 0
        ? "the same"
        : (difference < 0 ? "−" : "+") + Math.abs(difference) + " ms";
  }

  private void size(List<SizeRow> rows, String name, String field) {
    size(rows, name, inspected(live, field), inspected(candidate, field));
  }

  private static void size(List<SizeRow> rows, String name, Long before, Long after) {
    if (after != null) {
      String sign = before != null && after < before ? "−" : "+";
      rows.add(new SizeRow(
          name,
          before == null ? "" : ByteSize.text(before),
          ByteSize.text(after),
          before == null
              ? ""
              : before.equals(after)
                  ? "the same"
                  : sign + ByteSize.text(Math.abs(after - before))));
    }
  }

  /** By the check of latency, in one process. */
  private Long measured(String side) {
    JsonNode bytes = data("latency").path(side).path("memory_bytes");
    return bytes.isNumber() ? bytes.asLong() : null;
  }

  private static Long inspected(VersionView version, String field) {
    return version == null
            || version.inspection() == null
            || !version.inspection().path(field).isNumber()
        ? null
        : version.inspection().path(field).asLong();
  }

  private static String difference(double before, double after) {
    double difference = after - before;
    String text =
        (difference > 0 ? "+" : difference < 0 ? "−" : "") + Chart.number(Math.abs(difference));
    return before == 0 || difference == 0
        ? text
        : text
            + String.format(Locale.ROOT, " (%+.1f %%)", difference / Math.abs(before) * 100)
                .replace('-', '−');
  }

  private static String number(JsonNode value) {
    return value.isNumber() ? Chart.number(value.asDouble()) : value.asText("");
  }

  private static String join(JsonNode names) {
    return String.join(", ", stream(names).map(JsonNode::asText).toList());
  }

  private static java.util.stream.Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }
}
