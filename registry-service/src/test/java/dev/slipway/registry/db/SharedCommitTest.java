package dev.slipway.registry.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.registry.RegistryBackends;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class SharedCommitTest {
  @Inject
  SharedCommit commits;

  @Inject
  Database database;

  @Inject
  TransactionSynchronizationRegistry transaction;

  @BeforeEach
  void table() {
    database.update("drop table if exists shared_commit");
    database.update("create table shared_commit (name text primary key)");
  }

  private long write(String name) {
    database.update("insert into shared_commit values (?)", name);
    return database
        .first("select txid_current() as id", row -> row.number("id"))
        .orElseThrow();
  }

  private List<String> written() {
    return database.list("select name from shared_commit order by name", row -> row.text("name"));
  }

  /** Starts these calls while another one is under way, and lets that end once all of them wait. */
  private List<CompletableFuture<Long>> together(List<Supplier<Long>> works) throws Exception {
    var started = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    CompletableFuture<Long> underWay = call(new ArrayList<>(), () -> {
      started.countDown();
      await(release);
      return 0L;
    });
    started.await();
    List<Thread> threads = new ArrayList<>();
    List<CompletableFuture<Long>> answers =
        works.stream().map(work -> call(threads, work)).toList();
    for (Thread thread : threads) {
      while (thread.getState() != Thread.State.WAITING) {
        Thread.sleep(5);
      }
    }
    release.countDown();
    underWay.join();
    return answers;
  }

  private CompletableFuture<Long> call(List<Thread> threads, Supplier<Long> work) {
    var answer = new CompletableFuture<Long>();
    threads.add(Thread.ofPlatform().start(() -> {
      try {
        answer.complete(commits.run("row", work));
      } catch (RuntimeException failure) {
        answer.completeExceptionally(failure);
      }
    }));
    return answer;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void thoseThatWaitShareOneTransaction() throws Exception {
    List<CompletableFuture<Long>> answers =
        together(List.of(() -> write("a"), () -> write("b"), () -> write("c")));

    long first = answers.getFirst().join();
    assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isEqualTo(first));
    assertThat(written()).containsExactly("a", "b", "c");
  }

  @Test
  void whoFailsFailsAlone() throws Exception {
    List<CompletableFuture<Long>> answers = together(List.of(
        () -> write("a"),
        () -> {
          write("refused");
          throw new IllegalStateException("refused");
        },
        () -> write("c")));

    answers.getFirst().join();
    answers.getLast().join();
    assertThatThrownBy(answers.get(1)::join)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("refused");
    assertThat(written()).containsExactly("a", "c");
  }

  @Test
  void whatWaitedForTheDatabaseInVainIsNotTriedAgain() throws Exception {
    var tried = new AtomicInteger();
    Supplier<Long> busy = () -> {
      tried.incrementAndGet();
      throw new DatabaseException(new SQLException("lock timeout", "55P03"));
    };
    List<CompletableFuture<Long>> answers = together(List.of(busy, busy, busy));

    assertThat(answers)
        .allSatisfy(answer -> assertThatThrownBy(answer::join)
            .satisfies(failure -> assertThat(Trouble.of(failure)).contains(Trouble.BUSY)));
    assertThat(tried).hasValue(1);
  }

  @Test
  void whatFailedInItsCommitIsNotTriedAgain() throws Exception {
    var tried = new AtomicInteger();
    Supplier<Long> failsLate = () -> {
      tried.incrementAndGet();
      transaction.registerInterposedSynchronization(new Synchronization() {
        @Override
        public void beforeCompletion() {
          throw new IllegalStateException("too late");
        }

        @Override
        public void afterCompletion(int status) {}
      });
      return write("late");
    };
    List<CompletableFuture<Long>> answers = together(List.of(() -> write("a"), failsLate));

    assertThat(answers).allSatisfy(answer -> assertThatThrownBy(answer::join).isNotNull());
    assertThat(tried).hasValue(1);
    assertThat(written()).isEmpty();
  }

  @Test
  void theCallersOwnTransactionIsTaken() {
    assertThatIllegalStateException()
        .isThrownBy(() -> QuarkusTransaction.requiringNew().run(() -> {
          commits.run("row", () -> write("undone"));
          throw new IllegalStateException("undo");
        }));
    assertThat(written()).isEmpty();
  }

  @Test
  void moreThanOneTransactionTakesComeInSeveral() throws Exception {
    List<Supplier<Long>> works = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      String name = "n" + i;
      works.add(() -> write(name));
    }
    List<CompletableFuture<Long>> answers = together(works);

    assertThat(answers.stream().map(CompletableFuture::join).distinct()).hasSize(3);
    assertThat(written()).hasSize(70);
  }
}
