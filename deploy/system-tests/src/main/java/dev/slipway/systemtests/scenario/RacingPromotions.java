package dev.slipway.systemtests.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.systemtests.cluster.Answer;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.cluster.Service;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Two versions of one model are asked into Production at the same moment, each at another registry process. */
public final class RacingPromotions {
  private static final String MODEL = "raced";

  private final Cluster cluster;
  private final List<RegistryApi> registries;
  private final List<String> faults = new ArrayList<>();
  private int conflicts;
  private int wins;

  /**
   * @param wins promotions that went live
   * @param conflicts promotions that were refused with 409
   * @param faults rounds that did not end as they must
   */
  public record Result(int rounds, int wins, int conflicts, List<String> faults) {}

  private RacingPromotions(Cluster cluster) {
    this.cluster = cluster;
    this.registries =
        cluster.registries().stream().map(Service::url).map(RegistryApi::new).toList();
  }

  /** Runs so many rounds. The cluster has two registries, and a gateway, so that a promotion takes a while. */
  public static Result run(Cluster cluster, int rounds) throws InterruptedException {
    return new RacingPromotions(cluster).race(rounds);
  }

  private Result race(int rounds) throws InterruptedException {
    RegistryApi registry = cluster.registry();
    registry.createModel(MODEL).expect(201);
    registry.waiveApprovals(MODEL);
    List<Integer> racers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      racers.add(registry.addVersion(MODEL, IrisModels.onnx(i % 2 + 1)));
    }
    registry.promote(MODEL, racers.getLast());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < rounds; round++) {
        int live = registry.live(MODEL);
        List<Integer> two = racers.stream().filter(version -> version != live).toList();
        two.forEach(version -> toStaging(registry, version));
        oneRound(threads, two);
      }
    }
    return new Result(rounds, wins, conflicts, List.copyOf(faults));
  }

  private static void toStaging(RegistryApi registry, int version) {
    String stage = registry.getVersion(MODEL, version).expect(200).text("stage");
    if (!stage.equals("Staging")) {
      registry.request(MODEL, version, "Staging", RegistryApi.AUTHOR).expect(201);
    }
  }

  private void oneRound(ExecutorService threads, List<Integer> two) throws InterruptedException {
    long releasesBefore = count("select count(*) from release where state = 'live'");
    CyclicBarrier gun = new CyclicBarrier(two.size());
    List<Callable<Answer>> runners = new ArrayList<>();
    for (int i = 0; i < two.size(); i++) {
      RegistryApi registry = registries.get(i % registries.size());
      int version = two.get(i);
      runners.add(() -> {
        gun.await();
        return registry.request(MODEL, version, "Production", RegistryApi.AUTHOR);
      });
    }
    List<Answer> answers = new ArrayList<>();
    for (Future<Answer> future : threads.invokeAll(runners)) {
      answers.add(get(future));
    }
    judge(two, answers, releasesBefore);
  }

  private void judge(List<Integer> two, List<Answer> answers, long releasesBefore) {
    int won = 0;
    JsonNode last = null;
    for (Answer answer : answers) {
      if (answer.status() == 201) {
        won++;
        JsonNode release = registries.getFirst().awaitRelease(answer.json());
        boolean later =
            last == null || release.path("id").asLong() > last.path("id").asLong();
        last = later ? release : last;
      }
    }
    for (Answer answer : answers) {
      if (answer.status() == 409) {
        conflicts++;
        if (last == null || !namesTheWinner(answer, last)) {
          faults.add("the 409 does not name the winner " + last + ": " + answer.body());
        }
      } else if (answer.status() != 201) {
        faults.add("neither 201 nor 409: " + answer);
      }
    }
    wins += won;
    int live = registries.getLast().live(MODEL);
    long releases = count("select count(*) from release where state = 'live'") - releasesBefore;
    long inProduction = count("select count(*) from model_version where stage = 'Production'");
    if (last == null || live != last.path("to_version").asInt() || !two.contains(live)) {
      faults.add("live is " + live + " after " + last);
    }
    if (releases != won || inProduction != 1) {
      faults.add(won + " won, but " + releases + " releases and " + inProduction
          + " versions in Production");
    }
  }

  private static boolean namesTheWinner(Answer refused, JsonNode winner) {
    JsonNode problem = refused.json();
    return problem.path("release_id").asLong() == winner.path("id").asLong()
        && problem
            .path("detail")
            .asText()
            .contains("version " + winner.path("to_version").asInt());
  }

  /** Audit entries of switches to Production, for comparison with the releases. */
  public static long count(Cluster cluster, String sql) {
    try (Connection connection = cluster.database().connect("slipway");
        PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private long count(String sql) {
    return count(cluster, sql);
  }

  private static Answer get(Future<Answer> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
