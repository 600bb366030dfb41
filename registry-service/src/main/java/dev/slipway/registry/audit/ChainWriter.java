package dev.slipway.registry.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.common.audit.AuditChain;
import dev.slipway.common.json.WireJson;
import dev.slipway.registry.db.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Links a transaction's entries to the chain when it is about to commit. The end of the chain is one row, and its lock is the last
 * that the transaction takes: nobody who holds it waits for anything else, so audited transactions queue for a moment and never block
 * one another for good.
 */
@ApplicationScoped
class ChainWriter {
  private static final ObjectMapper JSON = WireJson.mapper();
  private static final String BEGIN = """
      insert into audit_head (sequence, hash)
        select coalesce(max(sequence), 0), ? from audit_entry
      on conflict do nothing
      """;
  private static final String WRITE = """
      with linked as (
        insert into audit_entry
               (sequence, at, actor, action, object, digest, before, after, request_id, previous, hash)
        select sequence, at::timestamptz, actor, action, object, digest, before::jsonb, after::jsonb,
               request_id, previous, hash
          from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            as entry (sequence, at, actor, action, object, digest, before, after, request_id, previous, hash))
      update audit_head set sequence = ?, hash = ?
      """;

  private final Database database;
  private final TransactionSynchronizationRegistry transaction;

  ChainWriter(Database database, TransactionSynchronizationRegistry transaction) {
    this.database = database;
    this.transaction = transaction;
  }

  /** The end of the chain. */
  record Head(long sequence, String hash) {}

  /**
   * An entry without its place.
   *
   * @param before JSON; null for none
   * @param after JSON; null for none
   */
  record Pending(
      Instant at,
      String actor,
      String action,
      String object,
      String digest,
      String before,
      String after,
      String requestId) {}

  /** Adds an entry to what the present transaction writes when it commits. */
  void add(Pending entry) {
    pending().add(entry);
  }

  @SuppressWarnings("unchecked")
  private List<Pending> pending() {
    List<Pending> entries = (List<Pending>) transaction.getResource(ChainWriter.class);
    if (entries != null) {
      return entries;
    }
    List<Pending> fresh = new ArrayList<>();
    transaction.putResource(ChainWriter.class, fresh);
    transaction.registerInterposedSynchronization(new Synchronization() {
      @Override
      public void beforeCompletion() {
        write(fresh);
      }

      @Override
      public void afterCompletion(int status) {}
    });
    return fresh;
  }

  private void write(List<Pending> entries) {
    Head head = lock();
    var linked = new ArrayList<AuditEntry>();
    for (Pending entry : entries) {
      AuditEntry link = link(entry, head);
      linked.add(link);
      head = new Head(link.sequence(), link.hash());
    }
    database.update(
        WRITE,
        column(linked, AuditEntry::sequence),
        column(linked, AuditEntry::at),
        column(linked, AuditEntry::actor),
        column(linked, AuditEntry::action),
        column(linked, AuditEntry::object),
        column(linked, AuditEntry::digest),
        column(entries, Pending::before),
        column(entries, Pending::after),
        column(linked, AuditEntry::requestId),
        column(linked, AuditEntry::previous),
        column(linked, AuditEntry::hash),
        head.sequence(),
        head.hash());
  }

  /** A column of one multi-row statement; all but the numbers travel as text. */
  private static <T> Object[] column(List<T> rows, Function<T, Object> value) {
    return rows.stream()
        .map(value)
        .map(one -> one instanceof Instant at ? at.toString() : one)
        .toArray();
  }

  private Head lock() {
    // An emptied database has no row.
    return head(" for update").orElseGet(() -> {
      database.update(BEGIN, AuditChain.GENESIS.value());
      return head(" for update").orElseThrow();
    });
  }

  Optional<Head> head() {
    return head("");
  }

  private Optional<Head> head(String lock) {
    return database.first(
        "select sequence, hash from audit_head" + lock,
        row -> new Head(row.number("sequence"), row.text("hash")));
  }

  private static AuditEntry link(Pending entry, Head head) {
    var view = new AuditEntry(
        head.sequence() + 1,
        entry.at(),
        entry.actor(),
        entry.action(),
        entry.object(),
        entry.digest(),
        AuditLog.tree(entry.before()),
        AuditLog.tree(entry.after()),
        entry.requestId(),
        head.hash(),
        null);
    return view.withHash(AuditChain.hash((ObjectNode) JSON.valueToTree(view)).value());
  }
}
