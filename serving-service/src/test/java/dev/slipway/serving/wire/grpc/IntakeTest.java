package dev.slipway.serving.wire.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceException.Kind;
import dev.slipway.serving.wire.RequestMemory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntakeTest {
  private static final int CAPACITY = 1 << 20;
  private static final int FOR_LARGE = CAPACITY - CAPACITY / 4;

  private final RequestMemory memory = new RequestMemory(CAPACITY);
  private final Intake intake = new Intake(memory);
  private final List<Kind> refusals = new ArrayList<>();

  @Test
  void whatIsUnpackedIsPaidForOnce() throws InferenceException {
    try (var passing = intake.passing()) {
      passing.require(FOR_LARGE);
      intake.keep(passing);
    }
    assertThat(memory.held()).isEqualTo(FOR_LARGE);
    intake.answered();
    assertThat(memory.held()).isZero();
  }

  @Test
  void aMessageThatFindsRoomWhenOthersAreAnsweredIsToldToComeBack() throws InferenceException {
    intake.onRefusal(refusal -> refusals.add(refusal.kind()));
    try (var others = memory.share()) {
      others.require(FOR_LARGE);
      intake.inboundWireSize(FOR_LARGE);
    }
    assertThat(refusals).containsExactly(Kind.NO_MEMORY);
  }

  @Test
  void aMessageThatNeverFindsRoomIsTooLarge() {
    intake.inboundWireSize(FOR_LARGE);
    intake.inboundWireSize(1);
    intake.onRefusal(refusal -> refusals.add(refusal.kind()));
    assertThat(refusals).containsExactly(Kind.TOO_LARGE);
  }
}
