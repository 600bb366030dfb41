package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.launcher.client.Api;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "review",
    description = "Show a request, or approve, reject, withdraw, apply, bypass or comment on it.",
    mixinStandardHelpOptions = true)
public final class ReviewCommand implements Callable<Integer> {
  @Mixin
  private Target target;

  @Parameters(paramLabel = "REQUEST", description = "Its number.")
  private long id;

  @ArgGroup
  private Verdict verdict;

  @Option(names = "-m", paramLabel = "TEXT", description = "Why.")
  private String message;

  /** At most one of them. */
  static final class Verdict {
    @Option(names = "--approve", description = "Approve what it is now, against what is live now.")
    private boolean approve;

    @Option(names = "--reject", description = "Reject it.")
    private boolean reject;

    @Option(names = "--withdraw", description = "Take your own back.")
    private boolean withdraw;

    @Option(
        names = "--apply",
        description = "Make the move of a complete one, where its policy waits for a person.")
    private boolean apply;

    @Option(
        names = "--bypass",
        description =
            "Make the move without what it needs, where the policy lets you; -m says why, for ever.")
    private boolean bypass;

    @Option(names = "--comment", description = "Say something, and decide nothing.")
    private boolean comment;

    private String word() {
      return approve
          ? "approve"
          : reject
              ? "reject"
              : withdraw ? "withdraw" : apply ? "apply" : bypass ? "bypass" : "comments";
    }

    /** What the message is called there. */
    private String field() {
      return comment ? "body" : bypass ? "reason" : "comment";
    }
  }

  @Override
  public Integer call() {
    Api registry = target.registry();
    String path = "/api/v1/requests/" + id;
    if (verdict != null) {
      Map<String, Object> body = new HashMap<>();
      body.put(verdict.field(), message);
      registry.send("POST", path + "/" + verdict.word(), body);
    }
    JsonNode request = registry.get(path);
    target.print(request, () -> {
      Requests.print(registry, request);
      request
          .path("approvals")
          .forEach(it -> System.out.println("  " + it.path("approver").asText()
              + ": " + it.path("verdict").asText() + said(it.path("comment").asText())
              + (it.path("void").asBoolean()
                  ? "  (void: " + it.path("void_reason").asText() + ")"
                  : "")));
      request
          .path("comments")
          .forEach(it -> System.out.println(
              "  " + it.path("author").asText() + said(it.path("body").asText())));
    });
    return 0;
  }

  private static String said(String text) {
    return text.isEmpty() ? "" : ": " + text;
  }
}
