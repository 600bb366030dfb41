package dev.slipway.registry.evidence;

import dev.slipway.common.job.Finding;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.model.VersionView.Servable;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether callers of the live version can go on as they are: each break is named. */
@Singleton
class SignatureCheck implements EvidenceCheck {

  @Override
  public String name() {
    return "signature";
  }

  @Override
  public boolean comparesWithLive() {
    return true;
  }

  @Override
  public Step examine(Subject subject) {
    Optional<VersionView> live = subject.live();
    if (live.isEmpty()) {
      return new Found(Finding.green("nothing is live: there is no caller to break", Map.of()));
    }
    if (subject.version().signature() == null) {
      return subject.version().servable().state() == Servable.State.UNKNOWN
              && subject.version().servable().reason() == null
          ? new Waiting()
          : new Found(Finding.warning("what it takes and gives could not be read", Map.of()));
    }
    if (live.get().signature() == null) {
      return new Found(
          Finding.warning("what the live version takes and gives is not known", Map.of()));
    }
    return new Found(compare(live.get().signature(), subject.version().signature()));
  }

  static Finding compare(ModelSignature live, ModelSignature wanted) {
    List<String> breaking = new ArrayList<>();
    List<String> fine = new ArrayList<>();
    for (TensorSpec before : live.inputs()) {
      wanted
          .input(before.name())
          .ifPresentOrElse(
              after -> input(before, after, breaking, fine),
              () -> breaking.add("input " + before.name() + " is gone"));
    }
    for (TensorSpec after : wanted.inputs()) {
      if (live.input(after.name()).isEmpty()) {
        (after.optional() ? fine : breaking)
            .add("input " + after.name()
                + (after.optional() ? " is new and optional" : " is new and needed"));
      }
    }
    for (TensorSpec before : live.outputs()) {
      wanted
          .output(before.name())
          .ifPresentOrElse(
              after -> output(before, after, breaking, fine),
              () -> breaking.add("output " + before.name() + " is gone"));
    }
    for (TensorSpec after : wanted.outputs()) {
      if (live.output(after.name()).isEmpty()) {
        fine.add("output " + after.name() + " is new");
      }
    }
    Map<String, Object> data = Map.of("breaking", breaking, "compatible", fine);
    return breaking.isEmpty()
        ? Finding.green(fine.isEmpty() ? "the same as live" : String.join("; ", fine), data)
        : Finding.red(String.join("; ", breaking), data);
  }

  private static void input(
      TensorSpec before, TensorSpec after, List<String> breaking, List<String> fine) {
    String what = "input " + before.name();
    if (retyped(what, before, after, breaking)) {
      return;
    }
    if (before.optional() && !after.optional()) {
      breaking.add(what + " was optional and is needed");
    }
    if (!takes(after.shape(), before.shape())) {
      breaking.add(what + " takes " + after.shape() + " instead of " + before.shape());
    } else if (!after.shape().equals(before.shape())) {
      fine.add(what + " takes " + after.shape() + ", which " + before.shape() + " fits");
    }
  }

  private static void output(
      TensorSpec before, TensorSpec after, List<String> breaking, List<String> fine) {
    String what = "output " + before.name();
    if (retyped(what, before, after, breaking) || after.shape().equals(before.shape())) {
      return;
    }
    if (takes(before.shape(), after.shape())) {
      fine.add(what + " has the shape " + after.shape() + ", which " + before.shape() + " allows");
    } else {
      breaking.add(what + " has the shape " + after.shape() + " instead of " + before.shape());
    }
  }

  private static boolean retyped(
      String what, TensorSpec before, TensorSpec after, List<String> breaking) {
    if (before.datatype() == after.datatype()) {
      return false;
    }
    breaking.add(what + " is " + after.datatype() + " instead of " + before.datatype());
    return true;
  }

  /** Whether all that fits {@code inner} fits {@code outer}. */
  private static boolean takes(Shape outer, Shape inner) {
    if (outer.rank() != inner.rank()) {
      return false;
    }
    for (int i = 0; i < outer.rank(); i++) {
      if (outer.dimension(i) >= 0 && outer.dimension(i) != inner.dimension(i)) {
        return false;
      }
    }
    return true;
  }
}
