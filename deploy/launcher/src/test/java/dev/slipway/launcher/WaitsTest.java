package dev.slipway.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.launcher.client.ScriptedService;
import dev.slipway.launcher.client.ScriptedService.Answer;
import org.junit.jupiter.api.Test;

/** Commands that wait, and a registry that is gone for a moment meanwhile. */
class WaitsTest {
  private static final Answer GONE = new Answer(404, "{\"detail\":\"gone\"}");
  private static final Answer BUSY = new Answer(503, "{\"detail\":\"the database is away\"}");

  @Test
  void aWaitForARequestGoesOnPastLostConnections() {
    String open = "{'id':7,'model':'m','version':1,'state':'open'}";
    assertThat(run(
            new String[] {"promote", "m:1", "--to", "staging", "--wait", "60"},
            Answer.ok(open),
            Answer.LOST,
            BUSY,
            Answer.ok(open),
            Answer.LOST,
            Answer.ok(open.replace("open", "applied"))))
        .isZero();
  }

  @Test
  void aWatchOfChecksGoesOnPastLostConnections() {
    String checks = "{'state':'open','checks':[{'name':'loads','verdict':'%s'}]}";
    assertThat(run(
            new String[] {"checks", "7", "--watch", "--timeout", "60"},
            Answer.ok(checks.formatted("pending")),
            Answer.LOST,
            BUSY,
            Answer.ok(checks.formatted("green"))))
        .isZero();
  }

  @Test
  void aWatchOfARolloutGoesOnPastLostConnections() {
    String release = "{'releases':[{'model':'m','kind':'promotion','state':'%s','replicas':[]}]}";
    assertThat(run(
            new String[] {"rollout", "status", "m", "--watch"},
            Answer.ok(release.formatted("preparing")),
            Answer.LOST,
            BUSY,
            Answer.ok(release.formatted("live"))))
        .isZero();
  }

  @Test
  void aWatchOfGatewaysEndsByARefusalAndNotByALostConnection() {
    String none = "{'replicas':[]}";
    try (var registry =
        new ScriptedService(Answer.ok(none), Answer.LOST, BUSY, Answer.ok(none), GONE)) {
      assertThat(run(registry, "gateways", "--watch")).isOne();
      assertThat(registry.asked()).hasSizeGreaterThanOrEqualTo(5);
    }
  }

  @Test
  void whatNeverAnsweredIsSaidAtOnceAndATimeThatIsUpIsATimeOut() {
    assertThat(run(new String[] {"rollout", "status", "m", "--watch"}, Answer.LOST))
        .isOne();
    assertThat(run(
            new String[] {"promote", "m:1", "--to", "staging", "--wait=0"},
            Answer.ok("{'id':7,'state':'open'}"),
            Answer.LOST))
        .isEqualTo(4);
  }

  private static int run(String[] arguments, Answer... answers) {
    try (var registry = new ScriptedService(answers)) {
      return run(registry, arguments);
    }
  }

  private static int run(ScriptedService registry, String... arguments) {
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--registry";
    all[arguments.length + 1] = registry.url();
    return Slipway.commandLine().execute(all);
  }
}
