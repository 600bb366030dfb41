package dev.slipway.serving.fleet;

import dev.slipway.common.tensor.DataType;
import dev.slipway.serving.engine.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How two versions' answers to one request differ.
 *
 * @param disagrees whether any value differs beyond rounding, or an output is there in one only
 * @param distance mean absolute difference of the numbers, each output for itself and then their mean; for other outputs 1 where they
 *     differ, 0 where not
 */
record AnswerDifference(boolean disagrees, double distance) {
  private static final double RELATIVE = 1e-3;
  private static final double ABSOLUTE = 1e-5;

  static AnswerDifference between(List<Tensor> live, List<Tensor> other) {
    Map<String, Tensor> byName =
        other.stream().collect(Collectors.toMap(Tensor::name, Function.identity()));
    boolean disagrees = live.size() != other.size();
    double distance = 0;
    for (Tensor one : live) {
      AnswerDifference each = between(one, byName.get(one.name()));
      disagrees |= each.disagrees();
      distance += each.distance();
    }
    return new AnswerDifference(disagrees, live.isEmpty() ? 0 : distance / live.size());
  }

  private static AnswerDifference between(Tensor one, Tensor other) {
    if (other == null
        || one.datatype() != other.datatype()
        || one.data().remaining() != other.data().remaining()) {
      return new AnswerDifference(true, 1);
    }
    if (one.datatype() == DataType.BYTES) {
      boolean same = one.data().equals(other.data());
      return new AnswerDifference(!same, same ? 0 : 1);
    }
    return numbers(one.datatype(), one.data(), other.data());
  }

  private static AnswerDifference numbers(DataType datatype, ByteBuffer one, ByteBuffer other) {
    int count = one.remaining() / datatype.elementSize();
    boolean disagrees = false;
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double a = OutputCounts.value(datatype, one, i);
      double b = OutputCounts.value(datatype, other, i);
      double difference = Double.compare(a, b) == 0 ? 0 : Math.abs(a - b);
      boolean differs = !(difference <= ABSOLUTE + RELATIVE * Math.abs(a));
      disagrees |= differs;
      sum += Double.isFinite(difference) ? difference : 1;
    }
    return new AnswerDifference(disagrees, count == 0 ? 0 : sum / count);
  }
}
