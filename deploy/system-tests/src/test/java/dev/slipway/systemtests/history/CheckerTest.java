package dev.slipway.systemtests.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.systemtests.cluster.Json;
import dev.slipway.systemtests.history.Operation.Kind;
import dev.slipway.systemtests.history.Witness.Deed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The checker finds what it is there to find. Times are numbers: sent, answered. */
class CheckerTest {
  private final List<Observation> observations = new ArrayList<>();
  private final List<Deed> deeds = new ArrayList<>();

  @Test
  void aPromotionAndItsRollbackAreExplained() {
    promoted(1, 10);
    promoted(2, 30);
    done(open("r", Kind.ROLLBACK, 0, null), 50, 51, 200, "{'to_version': 1}", 0);
    refused(open("s", Kind.ROLLBACK, 0, null), 60, 61, 409, "no-earlier-live-version");

    Checker.Result result = check();

    assertThat(result.faults()).isEmpty();
    assertThat(result.state().live()).isEqualTo(1);
    assertThat(result.state().stages()).containsEntry(2, "Archived");
    assertThat(result.refusals()).isEqualTo(1);
  }

  @Test
  void aRollbackToTheWrongVersionIsAFault() {
    promoted(1, 10);
    promoted(2, 30);
    promoted(3, 50);
    done(open("r", Kind.ROLLBACK, 0, null), 70, 71, 200, "{'to_version': 1}", 0);
    assertThat(check().faults()).singleElement().asString().contains("the rules say 2");
  }

  @Test
  void anApprovalByTheRequesterThatCountedIsAFault() {
    done(open("a", Kind.OPEN, 1, "Staging"), 1, 2, 201, "{'state': 'applied'}", 1);
    done(open("b", Kind.OPEN, 1, "Production"), 3, 4, 201, "{'state': 'open'}", 2);
    done(vote("c", Kind.APPROVE, "alice", 2), 5, 6, 200, "{'state': 'applied'}", 2);
    assertThat(check().faults()).singleElement().asString().contains("403 may-not-approve");
  }

  @Test
  void aRefusalIsExplainedOnlyByAMomentBetweenItsCallAndItsAnswer() {
    done(open("a", Kind.OPEN, 1, "Staging"), 10, 20, 201, "{'state': 'applied'}", 1);
    refused(open("b", Kind.OPEN, 1, "Staging"), 15, 25, 409, "already-there");
    assertThat(check().faults()).isEmpty();
    refused(open("c", Kind.OPEN, 1, "Staging"), 1, 5, 409, "already-there");
    assertThat(check().faults()).singleElement().asString().contains("no moment explains");
  }

  @Test
  void aDeedThatWasAnsweredBeforeOneAheadOfItWasCalledIsAFault() {
    done(open("a", Kind.OPEN, 1, "Staging"), 30, 40, 201, "{'state': 'applied'}", 1);
    done(open("b", Kind.OPEN, 2, "Staging"), 10, 20, 201, "{'state': 'applied'}", 2);
    assertThat(check().faults()).singleElement().asString().contains("was answered before");
  }

  @Test
  void whatWasAnsweredMustHaveHappenedAndWhatWasRefusedMustNot() {
    observations.add(
        observation(open("a", Kind.OPEN, 1, "Staging"), 1, 2, 201, "{'state': 'applied'}"));
    assertThat(check().faults()).singleElement().asString().contains("not in the log");
    observations.clear();
    done(open("b", Kind.OPEN, 1, "Staging"), 3, 4, 409, "{'type': 'x:already-there'}", 1);
    assertThat(check().faults()).anyMatch(fault -> fault.contains("refused, but done"));
  }

  @Test
  void aCallWithoutAnAnswerMayHaveHappenedOrNot() {
    observations.add(observation(open("a", Kind.OPEN, 1, "Staging"), 1, 2, 0, "{}"));
    done(open("b", Kind.OPEN, 2, "Staging"), 3, 4, 0, "{}", 1);
    assertThat(check().faults()).isEmpty();
  }

  private void promoted(int version, int time) {
    int request = 10 * version;
    done(
        open("s" + version, Kind.OPEN, version, "Staging"),
        time,
        time + 1,
        201,
        "{'state': 'applied'}",
        request);
    done(
        open("p" + version, Kind.OPEN, version, "Production"),
        time + 2,
        time + 3,
        201,
        "{'state': 'open'}",
        request + 1);
    done(
        vote("v" + version, Kind.APPROVE, "bob", request + 1),
        time + 4,
        time + 5,
        200,
        "{'state': 'applied'}",
        request + 1);
  }

  private void done(
      Operation operation, long sent, long answered, int status, String body, long request) {
    observations.add(observation(operation, sent, answered, status, body));
    deeds.add(new Deed(operation.id(), request));
  }

  private void refused(Operation operation, long sent, long answered, int status, String problem) {
    observations.add(observation(
        operation, sent, answered, status, "{'type': 'urn:slipway:problem:" + problem + "'}"));
  }

  private Checker.Result check() {
    return Checker.check(4, observations, deeds);
  }

  private static Observation observation(
      Operation operation, long sent, long answered, int status, String body) {
    return new Observation(operation, sent, answered, status, Json.read(body.replace('\'', '"')));
  }

  private static Operation open(String id, Kind kind, int version, String to) {
    return new Operation(id, "m", kind, "alice", version, to, 0, 0);
  }

  private static Operation vote(String id, Kind kind, String user, long request) {
    return new Operation(id, "m", kind, user, 0, null, request, 0);
  }
}
