package dev.slipway.registry.db;

import io.agroal.api.AgroalDataSource;
import io.quarkus.arc.Arc;
import io.quarkus.hibernate.orm.PersistenceUnitExtension;
import io.quarkus.test.Mock;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.hibernate.resource.jdbc.spi.StatementInspector;

/**
 * Counts the statements of a piece of work, whoever makes them: Hibernate, or {@link Database}. What the services do by the clock at the same time is not counted: only the caller's own thread and HTTP requests.
 */
public final class StatementCount {
  private static final AtomicLong MADE = new AtomicLong();
  private static final ThreadLocal<Boolean> COUNTED = ThreadLocal.withInitial(() -> false);

  private StatementCount() {}

  /** A statement is about to be made. */
  public static void made() {
    if (COUNTED.get() || serves()) {
      MADE.incrementAndGet();
    }
  }

  /** Those that {@code work} makes, here or in the requests that it sends. */
  public static long of(Runnable work) {
    long before = MADE.get();
    COUNTED.set(true);
    try {
      work.run();
    } finally {
      COUNTED.remove();
    }
    return MADE.get() - before;
  }

  /**
   * The least that {@code work} made in three times: a request that somebody else left behind, such as a long poll, can only add
   * to one of them.
   */
  public static long leastOf(Runnable work) {
    return Math.min(of(work), Math.min(of(work), of(work)));
  }

  private static boolean serves() {
    return Arc.container().requestContext().isActive()
        && Arc.container().instance(CurrentVertxRequest.class).get().getCurrent() != null;
  }

  /** Hears of Hibernate's. */
  @PersistenceUnitExtension
  @Singleton
  static class Mapped implements StatementInspector {
    private static final long serialVersionUID = 1;

    @Override
    public String inspect(String sql) {
      made();
      return sql;
    }
  }

  /** The database as it is, with a count. */
  @Mock
  @Singleton
  static class Counting extends Database {
    Counting(AgroalDataSource source) {
      super(source);
    }

    @Override
    public <T> List<T> list(String sql, RowReader<T> reader, Object... arguments) {
      made();
      return super.list(sql, reader, arguments);
    }

    @Override
    public int update(String sql, Object... arguments) {
      made();
      return super.update(sql, arguments);
    }
  }
}
