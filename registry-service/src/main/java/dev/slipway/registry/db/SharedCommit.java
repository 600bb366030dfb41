package dev.slipway.registry.db;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Status;
import jakarta.transaction.Transactional;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * One commit for calls that would wait for one another's. Who changes a row holds its lock until the commit is on the disk, so calls
 * that change one row come at the pace of the disk, however little each does. Here those that come while one is under way wait for its
 * end and then share a transaction, one after the other in it; nobody is answered before its commit. What makes each of them right
 * is still the row's lock: calls of other processes, and those that do not come this way, wait for that as ever.
 *
 * <p>For short work that takes no lock beside the row's.
 */
@ApplicationScoped
public class SharedCommit {
  /** What one transaction holds the lock for stays short. */
  private static final int MOST = 32;

  private final EntityManager entities;
  private final Map<String, Deque<Call<?>>> waiting = new HashMap<>();

  SharedCommit(EntityManager entities) {
    this.entities = entities;
  }

  static final class Call<T> {
    private final Supplier<T> work;
    /** How the caller, who waits for it, comes to its answer. */
    private final CompletableFuture<Supplier<T>> turn = new CompletableFuture<>();

    private boolean worked;
    private T answer;

    private Call(Supplier<T> work) {
      this.work = work;
    }

    private void work() {
      answer = work.get();
      worked = true;
    }

    private void committed() {
      turn.complete(() -> answer);
    }
  }

  /**
   * Runs the work in a transaction: the caller's, if it has one. Work whose transaction failed on account of another's runs again, in
   * a transaction of its own.
   *
   * @param row what the work locks
   */
  public <T> T run(String row, Supplier<T> work) {
    if (QuarkusTransaction.getStatus() != Status.STATUS_NO_TRANSACTION) {
      return work.get();
    }
    var mine = new Call<>(work);
    return waits(row, mine) ? mine.turn.join().get() : lead(row, mine);
  }

  /** Whether somebody leads already. */
  private boolean waits(String row, Call<?> call) {
    synchronized (waiting) {
      Deque<Call<?>> queue = waiting.get(row);
      if (queue == null) {
        waiting.put(row, new ArrayDeque<>());
        return false;
      }
      return queue.add(call);
    }
  }

  private <T> T lead(String row, Call<T> mine) {
    List<Call<?>> others = others(row);
    var all = new ArrayList<Call<?>>(others);
    all.addFirst(mine);
    try {
      commit(all);
      others.forEach(Call::committed);
      return mine.answer;
    } catch (Throwable failure) {
      if (others.isEmpty() || !isOnesOwn(failure, all)) {
        others.forEach(call -> call.turn.completeExceptionally(failure));
        throw failure;
      }
      others.forEach(this::sendAlone);
    } finally {
      passOn(row);
    }
    return alone(mine.work);
  }

  private List<Call<?>> others(String row) {
    synchronized (waiting) {
      var others = new ArrayList<Call<?>>();
      Deque<Call<?>> queue = waiting.get(row);
      while (others.size() < MOST - 1 && !queue.isEmpty()) {
        others.add(queue.remove());
      }
      return others;
    }
  }

  private void passOn(String row) {
    synchronized (waiting) {
      Call<?> next = waiting.get(row).poll();
      if (next == null) {
        waiting.remove(row);
      } else {
        makeLead(row, next);
      }
    }
  }

  private <T> void makeLead(String row, Call<T> call) {
    call.turn.complete(() -> lead(row, call));
  }

  private <T> void sendAlone(Call<T> call) {
    call.turn.complete(() -> alone(call.work));
  }

  /**
   * Whether one of the calls failed, which says nothing of the others. A commit that failed may have happened, and is not tried again; nor
   * is what waited for the database in vain.
   */
  private static boolean isOnesOwn(Throwable failure, List<Call<?>> calls) {
    return !calls.stream().allMatch(call -> call.worked) && Trouble.of(failure).isEmpty();
  }

  @Transactional
  void commit(List<Call<?>> calls) {
    for (Call<?> call : calls) {
      call.work();
      // Each begins with nothing read, as in a transaction of its own.
      entities.flush();
      entities.clear();
    }
  }

  @Transactional
  <T> T alone(Supplier<T> work) {
    return work.get();
  }
}
