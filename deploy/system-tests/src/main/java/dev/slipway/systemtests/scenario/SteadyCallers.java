package dev.slipway.systemtests.scenario;

import dev.slipway.systemtests.scenario.PredictLoad.Sample;
import java.util.ArrayList;
import java.util.List;

/** What the callers of one model noticed while nothing else went on, and while something did beside it. */
public final class SteadyCallers {
  private final List<Long> alone = new ArrayList<>();
  private final List<Long> beside = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();

  void alone(List<Sample> samples) {
    keep(samples, alone);
  }

  void beside(List<Sample> samples) {
    keep(samples, beside);
  }

  private void keep(List<Sample> samples, List<Long> taken) {
    samples.stream().filter(Sample::failed).forEach(sample -> faults.add("failed: " + sample));
    samples.forEach(sample -> taken.add(sample.tookNanos()));
  }

  /** Requests that failed, of either time. */
  public List<String> faults() {
    return List.copyOf(faults);
  }

  /** How long requests took while nothing else went on. */
  public Times alone() {
    return Times.of(alone);
  }

  /** How long requests took beside the other thing. */
  public Times beside() {
    return Times.of(beside);
  }

  /** The 99th percentile beside the other thing, as a multiple of that without. */
  public double ratio() {
    return beside().at(0.99) / alone().at(0.99);
  }

  /** @param sorted in nanoseconds */
  public record Times(List<Long> sorted) {
    private static Times of(List<Long> taken) {
      return new Times(taken.stream().sorted().toList());
    }

    /** How many there are. */
    public int count() {
      return sorted.size();
    }

    /**
     * A quantile, in milliseconds.
     *
     * @param share from 0 to 1
     */
    public double at(double share) {
      return sorted.get(Math.min(sorted.size() - 1, (int) (sorted.size() * share))) / 1e6;
    }
  }
}
