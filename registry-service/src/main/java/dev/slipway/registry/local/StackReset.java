package dev.slipway.registry.local;

import dev.slipway.registry.access.Principals;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Trouble;
import dev.slipway.registry.tracking.Experiments;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Empties the database of a local stack while it runs: what is left is what a first start leaves. A new feed epoch tells the
 * replicas to forget everything; the objects of all blobs become garbage.
 */
@ApplicationScoped
public class StackReset {
  private static final String REMEMBER_OBJECTS = """
      create temporary table emptied on commit drop as
        select object_key from blob union select object_key from upload union select object_key from blob_garbage
      """;
  /** Every table at once: a foreign key between two of them is no obstacle. */
  private static final String EMPTY_ALL = """
      do $$ begin
        execute (select 'truncate ' || string_agg(quote_ident(tablename), ', ') || ' restart identity'
                   from pg_tables where schemaname = current_schema() and tablename not like 'flyway%');
      end $$
      """;

  private static final String COLLECT_OBJECTS =
      "insert into blob_garbage (object_key, due_at) select object_key, ? from emptied";

  private static final int MOST_TRIES = 5;
  private static final Logger LOG = Logger.getLogger(StackReset.class);

  private final Database database;
  private final Principals principals;
  private final Experiments experiments;
  private final Clock clock;
  private final Optional<String> seed;

  StackReset(
      Database database,
      Principals principals,
      Experiments experiments,
      Clock clock,
      @ConfigProperty(name = "slipway.access.seed") Optional<String> seed) {
    this.database = database;
    this.principals = principals;
    this.experiments = experiments;
    this.clock = clock;
    this.seed = seed;
  }

  /**
   * It locks every table, as nobody else does: with a transaction that reads two of them it can come to a deadlock, which PostgreSQL ends
   * by ending this one.
   */
  public void empty() {
    for (int tries = 1; ; tries++) {
      try {
        emptyOnce();
        return;
      } catch (RuntimeException failure) {
        if (tries == MOST_TRIES || Trouble.of(failure).orElse(null) != Trouble.BUSY) {
          throw failure;
        }
        LOG.infof("Emptying the stack begins again: %s", failure.getMessage());
      }
    }
  }

  @Transactional
  void emptyOnce() {
    database.update(REMEMBER_OBJECTS);
    database.update(EMPTY_ALL);
    database.update("insert into feed default values");
    database.update(COLLECT_OBJECTS, clock.instant());
    experiments.ensureDefault();
    seed.ifPresent(principals::seed);
  }
}
