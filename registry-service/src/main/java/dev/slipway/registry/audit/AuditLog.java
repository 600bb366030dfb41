package dev.slipway.registry.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.json.WireJson;
import dev.slipway.registry.access.Caller;
import io.quarkus.hibernate.orm.panache.PanacheRepository;
import io.quarkus.panache.common.Parameters;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Appends and reads audit entries. */
@ApplicationScoped
public class AuditLog {
  private static final ObjectMapper JSON = WireJson.mapper();

  private final Clock clock;
  private final Event<Audited> audited;
  private final Event<Ahead> ahead;
  private final ChainWriter chain;
  private final Store store = new Store();

  AuditLog(Clock clock, Event<Audited> audited, Event<Ahead> ahead, ChainWriter chain) {
    this.clock = clock;
    this.audited = audited;
    this.ahead = ahead;
    this.chain = chain;
  }

  private static final class Store implements PanacheRepository<AuditEntity> {}

  /** Fired by {@link #prepare}. */
  public record Ahead() {}

  /**
   * Says that the current transaction is going to append entries, before it takes a lock that others queue for: what the observers of
   * {@link Audited} have to look up they look up now.
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public void prepare() {
    ahead.fire(new Ahead());
  }

  /**
   * Adds an entry to the chain with the current transaction, as the last thing before its commit: it is there exactly if the
   * deed is.
   *
   * @param action dotted, object first: {@code version.complete}
   * @param object path-like: {@code model/iris/version/3}
   * @param digest of the version concerned; may be null
   * @param before the state before, as JSON will show it; null when there was none
   * @param after the state after; null when there is none
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public void append(
      Caller actor, String action, String object, String digest, Object before, Object after) {
    // The database keeps microseconds, and what is hashed is what it gives back.
    Instant at = clock.instant().truncatedTo(ChronoUnit.MICROS);
    chain.add(new ChainWriter.Pending(
        at, actor.name(), action, object, digest, json(before), json(after), actor.requestId()));
    audited.fire(new Audited(actor, action, object, digest, before, after));
  }

  /** Rows in order, after {@code sequence}, of one object (null: of all). */
  @Transactional
  public List<AuditEntry> list(String object, long sequence, int limit) {
    return (object == null
            ? store.find("sequence > ?1 order by sequence", sequence)
            : store.find("object = ?2 and sequence > ?1 order by sequence", sequence, object))
        .page(0, limit).stream().map(AuditLog::view).toList();
  }

  /**
   * What is looked for; empty for anything.
   *
   * @param object with all that belongs to it: {@code model/iris} finds its versions too
   * @param action one, or all of a kind: {@code request} finds {@code request.approve}
   */
  public record Filter(String object, String actor, String action) {}

  /** Rows before {@code sequence}, newest first. */
  @Transactional
  public List<AuditEntry> newest(Filter filter, long sequence, int limit) {
    StringBuilder where = new StringBuilder("sequence < :before");
    Parameters values = Parameters.with("before", sequence);
    if (!filter.object().isEmpty()) {
      where.append(" and (object = :object or object like :below escape '!')");
      values.and("object", filter.object()).and("below", below(filter.object(), '/'));
    }
    if (!filter.actor().isEmpty()) {
      where.append(" and actor = :actor");
      values.and("actor", filter.actor());
    }
    if (!filter.action().isEmpty()) {
      where.append(" and (action = :action or action like :kind escape '!')");
      values.and("action", filter.action()).and("kind", below(filter.action(), '.'));
    }
    return store
        .find(where.append(" order by sequence desc").toString(), values)
        .page(0, limit)
        .stream()
        .map(AuditLog::view)
        .toList();
  }

  private static String below(String text, char separator) {
    return text.replaceAll("[!%_]", "!$0") + separator + "%";
  }

  private static AuditEntry view(AuditEntity entity) {
    return new AuditEntry(
        entity.sequence,
        entity.at,
        entity.actor,
        entity.action,
        entity.object,
        entity.digest,
        tree(entity.before),
        tree(entity.after),
        entity.requestId,
        entity.previous,
        entity.hash);
  }

  private static String json(Object value) {
    try {
      return value == null ? null : JSON.writeValueAsString(value);
    } catch (JsonProcessingException cause) {
      throw new IllegalArgumentException("an audit row takes values that JSON can hold", cause);
    }
  }

  static JsonNode tree(String json) {
    try {
      return json == null ? null : JSON.readTree(json);
    } catch (JsonProcessingException cause) {
      throw new IllegalStateException("the database gave back broken JSON", cause);
    }
  }
}
