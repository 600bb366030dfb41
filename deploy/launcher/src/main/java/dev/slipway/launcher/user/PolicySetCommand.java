package dev.slipway.launcher.user;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.launcher.CommandFailure;
import dev.slipway.launcher.client.Api;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "set",
    description = {
      "Put a policy in force, for admins. It is the whole policy, not a change of the present one.",
      "A file that `slipway policy show -o json` gave names the record that it came from: when another is in force by now, nothing is done (exit code 3)."
    },
    mixinStandardHelpOptions = true)
final class PolicySetCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Mixin
  private Target target;

  @ArgGroup(multiplicity = "1")
  private PolicyScope scope;

  @ArgGroup(multiplicity = "1")
  private Source source;

  /** Where the policy comes from. */
  static final class Source {
    @Option(
        names = {"-f", "--file"},
        paramLabel = "FILE",
        description = "The policy as JSON; - for standard input.")
    private String file;

    @Option(names = "--inherit", description = "Take the model's or the group's own policy away.")
    private boolean inherit;
  }

  @Override
  public Integer call() throws IOException {
    Api registry = target.registry();
    if (source.inherit) {
      if (scope.isServer()) {
        throw CommandFailure.usage(
            "the server has nobody to inherit from: give it a policy with -f");
      }
      registry.send("DELETE", scope.path(), null);
      System.err.println(scope.label() + " has no policy of its own any more");
      return 0;
    }
    JsonNode wanted = read();
    JsonNode seen = wanted.path("id");
    JsonNode policy =
        registry.put(scope.path(), wanted, seen.isIntegralNumber() ? seen.asLong() : null);
    target.print(policy, () -> Policies.print(policy));
    return 0;
  }

  private JsonNode read() throws IOException {
    String text;
    if (source.file.equals("-")) {
      text = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    } else if (Files.isRegularFile(Path.of(source.file))) {
      text = Files.readString(Path.of(source.file));
    } else {
      throw CommandFailure.usage("there is no file at " + source.file);
    }
    try {
      JsonNode policy = JSON.readTree(text);
      if (policy != null && policy.isObject()) {
        return policy;
      }
    } catch (JsonProcessingException e) {
      throw CommandFailure.usage(source.file + " is not JSON: " + e.getOriginalMessage());
    }
    throw CommandFailure.usage(
        source.file
            + " is no policy: {\"mode\": \"reviewed\", \"moves\": {\"Production\": {\"approvals\": 2}}}");
  }
}
