package dev.slipway.common.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.audit.AuditVerifier.Verdict;
import dev.slipway.common.json.WireJson;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AuditVerifierTest {
  private static final ObjectMapper JSON = WireJson.mapper();
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678901Z");
  private static final KeyPair KEY = key();

  private static KeyPair key() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** {@code count} entries from {@code first} on, and a checkpoint over the last. */
  private static List<String> export(long first, int count) throws Exception {
    List<String> lines = new ArrayList<>();
    Digest previous = AuditChain.GENESIS;
    for (long sequence = first; sequence < first + count; sequence++) {
      ObjectNode entry = JSON.createObjectNode()
          .put("sequence", sequence)
          .put("at", AT.toString())
          .put("actor", "alice")
          .put("action", "version.stage")
          .put("object", "model/ırıs/version/" + sequence)
          .put("previous", previous.value());
      entry.putObject("after").put("stage", "Staging").put("ratio", 0.25);
      previous = AuditChain.hash(entry);
      entry.put("hash", previous.value());
      lines.add(JSON.createObjectNode().set("entry", entry).toString());
    }
    lines.add(checkpoint(first + count - 1, previous, KEY));
    return lines;
  }

  private static String checkpoint(long sequence, Digest hash, KeyPair key) throws Exception {
    Checkpoint signed = Checkpoint.sign(sequence, hash, AT, key.getPrivate(), key.getPublic());
    return JSON.createObjectNode().set("checkpoint", JSON.valueToTree(signed)).toString();
  }

  private static Verdict verify(List<String> lines) {
    return verify(lines, null);
  }

  private static Verdict verify(List<String> lines, String pinned) {
    var verifier = new AuditVerifier(pinned);
    lines.forEach(verifier::accept);
    return verifier.verdict();
  }

  private static long broken(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Broken.class);
    return ((Verdict.Broken) verdict).sequence();
  }

  @Test
  void whatWasExportedIsIntact() throws Exception {
    assertThat(verify(export(7, 20))).isInstanceOfSatisfying(Verdict.Intact.class, intact -> {
      assertThat(intact.entries()).isEqualTo(20);
      assertThat(intact.lastSequence()).isEqualTo(26);
    });
    assertThat(verify(List.of())).isInstanceOf(Verdict.Intact.class);
  }

  @Test
  void orderOfFieldsAndSpacesDoNotMatter() throws Exception {
    List<String> lines = export(1, 3);
    ObjectNode line = (ObjectNode) JSON.readTree(lines.get(1));
    ObjectNode entry = (ObjectNode) line.get("entry");
    ObjectNode turned = JSON.createObjectNode();
    List<String> names = new ArrayList<>();
    entry.fieldNames().forEachRemaining(names::addFirst);
    names.forEach(name -> turned.set(name, entry.get(name)));
    lines.set(
        1,
        "  "
            + JSON.writerWithDefaultPrettyPrinter()
                .writeValueAsString(JSON.createObjectNode().set("entry", turned)));
    assertThat(verify(lines)).isInstanceOf(Verdict.Intact.class);
  }

  @Property(tries = 50)
  void anAlteredEntryIsNamed(@ForAll @IntRange(min = 0, max = 9) int at) throws Exception {
    List<String> lines = export(1, 10);
    lines.set(at, lines.get(at).replace("alice", "mallory"));
    assertThat(broken(verify(lines))).isEqualTo(at + 1);
  }

  @Property(tries = 50)
  void anEntryThatWasAlteredAndHashedAgainBreaksTheNext(@ForAll @IntRange(min = 0, max = 9) int at)
      throws Exception {
    List<String> lines = export(1, 10);
    ObjectNode line = (ObjectNode) JSON.readTree(lines.get(at));
    ObjectNode entry = ((ObjectNode) line.get("entry")).put("actor", "mallory");
    entry.put("hash", AuditChain.hash(entry).value());
    lines.set(at, line.toString());
    assertThat(broken(verify(lines))).isEqualTo(at + 2);
  }

  @Property(tries = 50)
  void aDroppedEntryIsNamed(@ForAll @IntRange(min = 0, max = 9) int at) throws Exception {
    List<String> lines = export(1, 10);
    lines.remove(at);
    assertThat(broken(verify(lines))).isIn((long) at + 1, (long) at + 2);
  }

  @Property(tries = 50)
  void twoEntriesThatChangedPlacesAreNoticed(@ForAll @IntRange(min = 0, max = 8) int at)
      throws Exception {
    List<String> lines = export(1, 10);
    lines.add(at, lines.remove(at + 1));
    assertThat(broken(verify(lines))).isBetween((long) at + 1, (long) at + 2);
  }

  @Test
  void aLogThatWasCutOffIsNoticedWithAndWithoutItsCheckpoint() throws Exception {
    List<String> lines = export(1, 10);
    assertThat(broken(verify(lines.subList(0, 10)))).isEqualTo(11);
    assertThat(broken(verify(lines.subList(0, 6)))).isEqualTo(7);
    List<String> shortened = new ArrayList<>(lines.subList(0, 6));
    shortened.add(lines.getLast());
    assertThat(broken(verify(shortened))).isEqualTo(7);
  }

  @Test
  void aForgedCheckpointIsRefused() throws Exception {
    List<String> lines = export(1, 3);
    List<String> forged = new ArrayList<>(lines);
    forged.set(3, lines.get(3).replace("\"sequence\":3", "\"sequence\":2"));
    assertThat(broken(verify(forged))).isEqualTo(4);
    String pinned = Digest.of(KEY.getPublic().getEncoded()).shortHex();
    assertThat(verify(lines, pinned)).isInstanceOf(Verdict.Intact.class);
    assertThat(broken(verify(lines, "0123456789ab"))).isEqualTo(4);
  }
}
