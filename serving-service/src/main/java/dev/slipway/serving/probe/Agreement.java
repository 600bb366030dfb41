package dev.slipway.serving.probe;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.job.Finding;
import dev.slipway.common.job.JobResult;
import dev.slipway.serving.engine.Engines;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.sample.SampleRing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Sends the requests that this gateway kept to the version and to the live one, and compares the answers. What leaves the machine
 * are shares, distances and the values that are farthest apart: no inputs. A policy's {@code share} says how many must agree, its {@code rtol} and
 * {@code atol} what agreeing is; without one, fewer than {@link #USUAL} are for a person to judge.
 */
final class Agreement implements TaskRunner {
  /** The parameter that names the folder of the requests. */
  static final String SAMPLES = "samples";

  private static final double USUAL = 0.95;

  private final Engines engines;
  private final Consumer<Phase> progress;

  Agreement(Engines engines, Consumer<Phase> progress) {
    this.engines = engines;
    this.progress = progress;
  }

  @Override
  public JobResult run(ProbeTask task) {
    if (task.liveFolder() == null) {
      return JobResult.of(
          Finding.green("nothing is live: there is nothing to compare with", Map.of()));
    }
    List<List<Tensor>> requests = requests(task);
    if (requests.isEmpty()) {
      // Another gateway may have some: so this one gives the job back.
      return new JobResult(
          null,
          JobResult.Outcome.FAILED,
          "the gateway that was asked has kept no request of this model yet",
          null,
          null,
          Map.of());
    }
    progress.accept(Phase.LOADING);
    try (LoadedModel live = load(task.liveFolder());
        LoadedModel version = load(task.folder())) {
      progress.accept(Phase.RUNNING);
      var compared = new AnswersCompared(limit(task, "rtol", 1e-3), limit(task, "atol", 1e-5));
      for (int i = 0; i < requests.size(); i++) {
        compare(i, requests.get(i), live, version, compared);
      }
      return JobResult.of(finding(task, compared));
    } catch (ModelLoadException refused) {
      return JobResult.of(
          Finding.warning("it could not be loaded beside live: " + refused.getMessage(), Map.of()));
    }
  }

  private static List<List<Tensor>> requests(ProbeTask task) {
    String folder = task.parameters().get(SAMPLES);
    try {
      return folder == null ? List.of() : SampleRing.at(Path.of(folder)).read();
    } catch (IOException unreadable) {
      return List.of();
    }
  }

  private LoadedModel load(String folder) throws ModelLoadException {
    return engines.load(Path.of(folder), ServingSettings.defaults());
  }

  /** A request that not even the live version answers any more says nothing about the other. */
  private static void compare(
      int number,
      List<Tensor> inputs,
      LoadedModel live,
      LoadedModel version,
      AnswersCompared compared) {
    try (var before = live.predict(copies(inputs), Set.of(), RunControl.UNLIMITED)) {
      try (var after = version.predict(copies(inputs), Set.of(), RunControl.UNLIMITED)) {
        compared.add(number, before.tensors(), after.tensors());
      } catch (PredictException | IllegalArgumentException failed) {
        compared.failed();
      }
    } catch (PredictException | IllegalArgumentException unanswered) {
      compared.skipped();
    }
  }

  private static Finding finding(ProbeTask task, AnswersCompared compared) {
    Map<String, Object> data = compared.data();
    if (compared.count() == 0) {
      return Finding.warning("the live version answers none of the requests that were kept", data);
    }
    String told = compared.agreeing() + " of " + compared.count()
        + " kept requests are answered as live answers them";
    if (compared.failures() > 0) {
      return Finding.red(
          told + "; " + compared.failures() + " that live answers are not answered at all", data);
    }
    String asked = task.parameters().get("share");
    double share = asked == null ? USUAL : Double.parseDouble(asked);
    if (compared.share() >= share) {
      return Finding.green(told, data);
    }
    return asked == null
        ? Finding.warning(told, data)
        : Finding.red(told + ": the policy wants a share of " + share, data);
  }

  private static double limit(ProbeTask task, String name, double otherwise) {
    String ofPolicy = task.parameters().get(name);
    return ofPolicy == null ? otherwise : Double.parseDouble(ofPolicy);
  }

  /** An engine may move a buffer's position. */
  private static List<Tensor> copies(List<Tensor> inputs) {
    return inputs.stream()
        .map(input -> {
          ByteBuffer data = input.data().duplicate().order(input.data().order());
          return new Tensor(input.name(), input.datatype(), input.shape(), data);
        })
        .toList();
  }
}
