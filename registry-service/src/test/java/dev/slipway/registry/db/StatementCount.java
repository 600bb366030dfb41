package dev.slipway.registry.db;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.Mock;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.hibernate.SessionFactory;

/** Counts the statements of this process, whoever makes them: Hibernate, or one of the two that speak to the database themselves. */
@ApplicationScoped
public class StatementCount {
  private static final AtomicLong DIRECT = new AtomicLong();

  private final SessionFactory sessions;

  StatementCount(SessionFactory sessions) {
    this.sessions = sessions;
  }

  public static void direct() {
    DIRECT.incrementAndGet();
  }

  /** Those that {@code work} makes, and whatever runs beside it. */
  public long of(Runnable work) {
    long direct = DIRECT.get();
    long mapped = sessions.getStatistics().getPrepareStatementCount();
    work.run();
    return DIRECT.get() - direct + sessions.getStatistics().getPrepareStatementCount() - mapped;
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
      direct();
      return super.list(sql, reader, arguments);
    }

    @Override
    public int update(String sql, Object... arguments) {
      direct();
      return super.update(sql, arguments);
    }
  }
}
