package dev.slipway.registry.web;

import java.util.List;

/**
 * One version.
 *
 * @param role "live", "was live" or empty
 * @param signature empty when it is not known
 * @param origins empty when nothing is known
 * @param uninspected whether a new inspection may come to another answer
 * @param inspect why the caller cannot have it inspected again; empty when it can
 * @param inspection what the gateway found, as JSON text; empty when nothing yet
 * @param moves the stages that it can be asked to move to
 * @param trial the form that asks a gateway
 * @param command uploads a file, for the empty state
 */
public record VersionCard(
    String model,
    String modelHref,
    int number,
    String href,
    String stage,
    String role,
    List<ModelBoard.Pair> facts,
    String createdBy,
    Moment created,
    List<File> files,
    List<Tensor> signature,
    List<EvidenceView.OriginLine> origins,
    boolean uninspected,
    String inspect,
    String inspection,
    List<String> moves,
    List<RequestLine> requests,
    TryView trial,
    String command) {

  public record File(String path, String size, String digest, String href) {}

  /**
   * @param kind "input" or "output"
   * @param needed "yes" or "no"; empty for an output, which nobody sends
   */
  public record Tensor(String kind, String name, String datatype, String shape, String needed) {}
}
