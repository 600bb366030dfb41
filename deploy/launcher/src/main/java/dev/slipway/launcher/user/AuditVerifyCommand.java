package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.common.audit.AuditVerifier;
import dev.slipway.common.audit.AuditVerifier.Verdict;
import dev.slipway.common.json.WireJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    description = {
      "Verify the audit log here, without trusting the registry: an exported file, or what the registry exports now.",
      "Ends with 1 when an entry was altered, dropped, moved or cut off, and names the first."
    },
    mixinStandardHelpOptions = true)
final class AuditVerifyCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = WireJson.mapper();

  @Mixin
  private Target target;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "What `slipway audit export` wrote. Default: the registry is asked.")
  private Path file;

  @Option(
      names = "--key",
      paramLabel = "ID",
      description =
          "The id of the only key whose checkpoints count, as an earlier verification printed it.")
  private String key;

  @Override
  public Integer call() throws IOException {
    var verifier = new AuditVerifier(key);
    try (BufferedReader lines = open()) {
      lines.lines().forEach(verifier::accept);
    }
    Verdict verdict = verifier.verdict();
    target.print(json(verdict), () -> System.out.println(text(verdict)));
    return verdict instanceof Verdict.Intact ? 0 : 1;
  }

  private BufferedReader open() throws IOException {
    return file == null
        ? new BufferedReader(new InputStreamReader(
            target.registry().download(AuditExportCommand.PATH, 0).body(), StandardCharsets.UTF_8))
        : Files.newBufferedReader(file);
  }

  private static String text(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Intact it ->
        "intact: " + it.entries() + " entries up to " + it.lastSequence() + ", " + it.checkpoints()
            + " checkpoints signed by key " + String.join(", ", it.keys()) + "\n  " + it.lastHash();
      case Verdict.Broken it -> "BROKEN at entry " + it.sequence() + ": " + it.reason();
    };
  }

  private static JsonNode json(Verdict verdict) {
    ObjectNode json = JSON.valueToTree(verdict);
    return json.put("intact", verdict instanceof Verdict.Intact);
  }
}
