package dev.slipway.registry.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.audit.AuditChain;
import dev.slipway.common.audit.AuditVerifier;
import dev.slipway.common.audit.AuditVerifier.Verdict;
import dev.slipway.common.audit.Checkpoint;
import dev.slipway.common.json.WireJson;
import dev.slipway.registry.db.Database;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.KeyPair;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Signs checkpoints, writes the chain out with them, and verifies it. */
@ApplicationScoped
public class AuditExport {
  private static final ObjectMapper JSON = WireJson.mapper();
  private static final int PAGE = 1_000;

  private final AuditLog log;
  private final ChainWriter chain;
  private final AuditKey key;
  private final Database database;
  private final Clock clock;

  AuditExport(AuditLog log, ChainWriter chain, AuditKey key, Database database, Clock clock) {
    this.log = log;
    this.chain = chain;
    this.key = key;
    this.database = database;
    this.clock = clock;
  }

  /** Signs the end of the chain, unless that was done. */
  @Scheduled(
      every = "${slipway.audit.checkpoint-every}",
      delayed = "${slipway.audit.checkpoint-every}")
  void checkpoint() {
    // Before the chain's first entry there is nothing to sign, also where older rows have numbers.
    chain
        .head()
        .filter(head -> !head.hash().equals(AuditChain.GENESIS.value()))
        .ifPresent(this::sign);
  }

  private void sign(ChainWriter.Head head) {
    KeyPair pair = key.pair();
    Checkpoint signed = Checkpoint.sign(
        head.sequence(),
        new Digest(head.hash()),
        clock.instant().truncatedTo(ChronoUnit.MICROS),
        pair.getPrivate(),
        pair.getPublic());
    database.update(
        """
        insert into audit_checkpoint (sequence, key_id, hash, at, public_key, signature)
        values (?, ?, ?, ?, ?, ?) on conflict do nothing
        """,
        signed.sequence(),
        signed.keyId(),
        signed.hash().value(),
        signed.at(),
        signed.publicKey(),
        signed.signature());
  }

  /**
   * Gives the whole chain up to now, one JSON object a line, in the form that {@link AuditVerifier} reads: entries, each checkpoint
   * after the entry that it covers, a fresh one last.
   */
  public void write(Consumer<String> lines) {
    checkpoint();
    // In this order: the end may be later than the last checkpoint, and earlier only if something
    // is gone.
    long signed = database
        .first(
            "select max(sequence) as last from audit_checkpoint",
            row -> Optional.ofNullable(row.number("last")))
        .flatMap(it -> it)
        .orElse(0L);
    long end = chain.head().map(ChainWriter.Head::sequence).orElse(0L);
    long written = 0;
    List<AuditEntry> page = log.list(null, 0, PAGE);
    while (!page.isEmpty() && page.getFirst().sequence() <= end) {
      long last = Math.min(page.getLast().sequence(), end);
      List<Checkpoint> checkpoints = checkpoints(written, last);
      int next = 0;
      for (AuditEntry entry : page) {
        if (entry.hash() != null && entry.sequence() <= end) {
          lines.accept(json(Map.of("entry", entry)));
        }
        while (next < checkpoints.size() && checkpoints.get(next).sequence() <= entry.sequence()) {
          lines.accept(json(Map.of("checkpoint", checkpoints.get(next++))));
        }
      }
      written = last;
      page = log.list(null, page.getLast().sequence(), PAGE);
    }
    // Those over entries that are gone: they are what shows it.
    checkpoints(written, Math.max(signed, written))
        .forEach(it -> lines.accept(json(Map.of("checkpoint", it))));
  }

  /**
   * Verifies the chain as it is in the database.
   *
   * @param pinnedKey see {@link AuditVerifier}
   */
  public Verdict verify(Optional<String> pinnedKey) {
    var verifier = new AuditVerifier(pinnedKey.orElse(null));
    write(verifier::accept);
    return verifier.verdict();
  }

  private List<Checkpoint> checkpoints(long after, long upTo) {
    return database.list(
        """
        select sequence, hash, at, key_id, public_key, signature from audit_checkpoint
         where sequence > ? and sequence <= ? order by sequence, key_id
        """,
        row -> new Checkpoint(
            row.number("sequence"),
            new Digest(row.text("hash")),
            row.time("at"),
            row.text("key_id"),
            row.text("public_key"),
            row.text("signature")),
        after,
        upTo);
  }

  private static String json(Object line) {
    try {
      return JSON.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
