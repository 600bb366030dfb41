package dev.slipway.common.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.json.WireJson;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Verifies an exported audit log, line by line: each line is {@code {"entry": …}} or {@code {"checkpoint": …}}, and the last is a
 * checkpoint over the last entry. An entry that was altered, dropped, moved or cut off at the end shows, and is named. Not thread-safe.
 */
public final class AuditVerifier {
  private static final ObjectMapper JSON = WireJson.mapper();

  private final String pinnedKey;
  private final Set<String> keys = new TreeSet<>();
  private long entries;
  private long checkpoints;
  private long sequence;
  private Digest last = AuditChain.GENESIS;
  private boolean covered;
  private Verdict broken;

  /** What came of it. */
  public sealed interface Verdict {
    /**
     * Nothing is wrong.
     *
     * @param lastSequence of the last entry; 0 when there is none
     * @param keys the ids of the keys that signed
     */
    record Intact(
        long entries, long checkpoints, long lastSequence, Digest lastHash, Set<String> keys)
        implements Verdict {}

    /**
     * The log is not what it was.
     *
     * @param sequence of the first bad entry
     */
    record Broken(long sequence, String reason) implements Verdict {}
  }

  /** @param pinnedKey the id of the only key whose checkpoints count; null for any */
  public AuditVerifier(String pinnedKey) {
    this.pinnedKey = pinnedKey;
  }

  /** Takes the next line. What comes after the first fault is not looked at. */
  public void accept(String line) {
    if (broken != null || line.isBlank()) {
      return;
    }
    fault(line).ifPresent(reason -> broken = new Verdict.Broken(suspect(line), reason));
  }

  /** The verdict over all lines that were taken. */
  public Verdict verdict() {
    if (broken != null) {
      return broken;
    }
    if (!covered && entries > 0) {
      return new Verdict.Broken(
          sequence + 1, "the log ends without a signed checkpoint: it was cut off");
    }
    return new Verdict.Intact(entries, checkpoints, sequence, last, Set.copyOf(keys));
  }

  private Optional<String> fault(String line) {
    try {
      JsonNode json = JSON.readTree(line);
      if (json.path("entry") instanceof ObjectNode entry) {
        return entryFault(entry);
      }
      if (json.path("checkpoint").isObject()) {
        return checkpointFault(JSON.treeToValue(json.path("checkpoint"), Checkpoint.class));
      }
      return Optional.of("a line is neither an entry nor a checkpoint");
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return Optional.of("a line is not what an export writes: "
          + e.getMessage().lines().findFirst().orElse(""));
    }
  }

  private Optional<String> entryFault(ObjectNode entry) {
    long number = entry.path("sequence").asLong();
    if (entries > 0 && number != sequence + 1) {
      return Optional.of(
          "entry " + (sequence + 1) + " is missing: entry " + number + " follows " + sequence);
    }
    if (!entry.path("previous").asText().equals(last.value())) {
      return Optional.of(
          entries == 0
              ? "the log does not begin with its first entry"
              : "entry " + number + " does not follow from the one before");
    }
    Digest hash = AuditChain.hash(entry);
    if (!entry.path("hash").asText().equals(hash.value())) {
      return Optional.of("entry " + number + " was altered");
    }
    sequence = number;
    last = hash;
    entries++;
    covered = false;
    return Optional.empty();
  }

  private Optional<String> checkpointFault(Checkpoint checkpoint) {
    if (!checkpoint.isGenuine()) {
      return Optional.of(
          "the checkpoint over entry " + checkpoint.sequence() + " has no valid signature");
    }
    if (pinnedKey != null && !pinnedKey.equals(checkpoint.keyId())) {
      return Optional.of("the checkpoint over entry " + checkpoint.sequence() + " is signed by key "
          + checkpoint.keyId() + ", not by " + pinnedKey);
    }
    if (checkpoint.sequence() > sequence) {
      return Optional.of("entries from " + (sequence + 1) + " to " + checkpoint.sequence()
          + " are missing: a checkpoint covers them");
    }
    if (checkpoint.sequence() < sequence || !checkpoint.hash().equals(last)) {
      return Optional.of(
          "the checkpoint over entry " + checkpoint.sequence() + " is of another history");
    }
    keys.add(checkpoint.keyId());
    checkpoints++;
    covered = true;
    return Optional.empty();
  }

  /** The entry that a bad line stands for: a checkpoint for the first that it covers and nothing shows. */
  private long suspect(String line) {
    try {
      JsonNode json = JSON.readTree(line);
      long number = json.path("entry").path("sequence").asLong();
      boolean follows = number == sequence + 1 || entries == 0;
      return json.has("entry") && follows && number > 0 ? number : sequence + 1;
    } catch (JsonProcessingException notJson) {
      return sequence + 1;
    }
  }
}
