package dev.slipway.registry.web;

import java.util.List;

/**
 * One version.
 *
 * @param role "live", "was live" or empty
 * @param card what is written down about it; a value is empty where nothing is
 * @param metrics of the run that it was made with, as they stood when it was registered
 * @param next address of the next page of files; empty on the last
 * @param signature empty when it is not known
 * @param origins empty when nothing is known
 * @param uninspected whether a new inspection may come to another answer
 * @param inspect why the caller cannot have it inspected again; empty when it can
 * @param copy the form that brings its files here; null where that would mean nothing
 * @param inspection what the gateway found; empty when nothing yet
 * @param pending whether its files are not complete
 * @param moves the stages that it can be asked to move to
 * @param other the version that it is most likely compared with; null for none
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
    List<ModelBoard.Pair> card,
    List<ModelBoard.Pair> metrics,
    String createdBy,
    Moment created,
    List<File> files,
    String next,
    List<Tensor> signature,
    List<EvidenceView.OriginLine> origins,
    boolean uninspected,
    String inspect,
    CopyForm copy,
    List<ModelBoard.Pair> inspection,
    boolean pending,
    List<String> moves,
    Integer other,
    List<RequestLine> requests,
    TryView trial,
    String command) {

  /**
   * @param obstacle why the caller cannot have the files copied; empty when it can
   * @param running how far a copy is; empty when none runs
   * @param failed why the last one failed; empty unless it did
   */
  public record CopyForm(String source, String obstacle, String running, String failed) {}

  public record File(String path, String size, String digest, String href) {}

  /**
   * @param kind "input" or "output"
   * @param needed "yes" or "no"; empty for an output, which nobody sends
   */
  public record Tensor(String kind, String name, String datatype, String shape, String needed) {}
}
