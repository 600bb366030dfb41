package dev.slipway.systemtests.history;

import dev.slipway.systemtests.cluster.Cluster;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Looks at the database again and again, each time in one statement and so at one moment, and counts what breaks a rule. */
final class Snapshots implements AutoCloseable {
  private static final long EVERY_MS = 100;

  private static final Map<String, String> RULES = new LinkedHashMap<>();

  static {
    RULES.put("a version in Production that is not live", """
        select count(*) from model_version v join registered_model m on m.id = v.model_id
         where v.stage = 'Production' and m.live_version_id is distinct from v.id""");
    RULES.put("a live version outside Production", """
        select count(*) from registered_model m join model_version v on v.id = m.live_version_id
         where v.stage <> 'Production'""");
    RULES.put("a pointer that the last release did not set", """
        select count(*) from registered_model m where m.live_version_id is distinct from
          (select r.to_version_id from release r where r.model_id = m.id and r.state = 'live'
            order by r.id desc limit 1)""");
    RULES.put("a release whose request is not applied", """
        select count(*) from release r join transition_request t on t.id = r.request_id
         where r.state = 'live' and t.state <> 'applied'""");
    RULES.put("a release without its audit entry, or the other way round", """
        select abs((select count(*) from release where state = 'live') - (select count(*) from audit_entry
          where action in ('release.promotion', 'release.rollback', 'release.retire')))""");
    RULES.put("an approval by the requester", """
        select count(*) from approval a join transition_request t on t.id = a.request_id
         where a.approver = t.requester""");
    RULES.put("an open request whose version has left its stage", """
        select count(*) from transition_request t join model_version v on v.id = t.version_id
         where t.state = 'open' and t.from_stage <> v.stage""");
  }

  private final Cluster cluster;
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private final Thread thread = Thread.ofVirtual().unstarted(this::run);
  private volatile boolean stopped;
  private final AtomicInteger taken = new AtomicInteger();

  Snapshots(Cluster cluster) {
    this.cluster = cluster;
    thread.start();
  }

  private void run() {
    String all = "select "
        + String.join(", ", RULES.values().stream().map(sql -> "(" + sql + ")").toList());
    try (Connection connection = cluster.database().connect("slipway");
        Statement statement = connection.createStatement()) {
      while (!stopped) {
        look(statement, all);
        taken.incrementAndGet();
        TimeUnit.MILLISECONDS.sleep(EVERY_MS);
      }
    } catch (SQLException e) {
      faults.add("the database could not be looked at: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(Statement statement, String all) throws SQLException {
    try (ResultSet row = statement.executeQuery(all)) {
      row.next();
      int column = 1;
      for (String rule : RULES.keySet()) {
        long broken = row.getLong(column++);
        if (broken != 0) {
          faults.add("snapshot " + taken.get() + ": " + rule + " (" + broken + ")");
        }
      }
    }
  }

  int taken() {
    return taken.get();
  }

  List<String> faults() {
    return faults;
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
