package dev.slipway.registry.db;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.persistence.PessimisticLockException;
import java.sql.SQLException;
import org.hibernate.exception.GenericJDBCException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TroubleTest {
  private static Throwable wrapped(String state) {
    return new IllegalStateException(
        new GenericJDBCException("it failed", new SQLException("why", state)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"08006", "57P01", "53300", "25P03"})
  void aServerThatEndsConnectionsIsAwayHoweverDeepThatIsSaid(String state) {
    assertThat(Trouble.of(wrapped(state))).contains(Trouble.AWAY);
    assertThat(Trouble.of(new DatabaseException(new SQLException("why", state))))
        .contains(Trouble.AWAY);
  }

  @Test
  void aPoolWithoutAFreeConnectionIsAway() {
    assertThat(Trouble.of(new RuntimeException(new SQLException("Sorry, acquisition timeout!"))))
        .contains(Trouble.AWAY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"55P03", "40P01"})
  void aLockThatIsNotFreedIsSomebodyBusy(String state) {
    assertThat(Trouble.of(wrapped(state))).contains(Trouble.BUSY);
    assertThat(Trouble.of(new PessimisticLockException())).contains(Trouble.BUSY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"23505", "42601", "22001"})
  void aWrongStatementIsNot(String state) {
    assertThat(Trouble.of(wrapped(state))).isEmpty();
    assertThat(Trouble.of(new IllegalStateException())).isEmpty();
  }
}
