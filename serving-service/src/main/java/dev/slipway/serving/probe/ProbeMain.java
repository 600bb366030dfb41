package dev.slipway.serving.probe;

import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobResult;
import dev.slipway.common.job.JobResult.Outcome;
import dev.slipway.serving.engine.Engines;
import dev.slipway.serving.engine.booster.LightgbmEngine;
import dev.slipway.serving.engine.booster.XgboostEngine;
import dev.slipway.serving.engine.djl.TorchScriptEngine;
import dev.slipway.serving.engine.onnx.OnnxEngine;
import dev.slipway.serving.engine.tensorflow.SavedModelEngine;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * The child process that first loads an unknown model: it reads tasks from its standard input, a line each, and answers on its
 * standard output. It has no network, no credentials and no other task than the one at hand. It ends when its input does, whatever a model is
 * doing then.
 */
public final class ProbeMain {
  /**
   * A caller cannot wait, a version that waits for its inspection can; but not for ever: with 10 it has a tenth of a processor beside a
   * saturated gateway, with 19 it had so little that good models were not loaded within a minute.
   */
  static final int NICENESS = 10;

  private ProbeMain() {}

  /**
   * @param arguments the folder of libtorch, whether TorchScript is served ({@code true}), the folder of TensorFlow, and whether SavedModels are
   */
  public static void main(String[] arguments) throws InterruptedException {
    var lines =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    // What a library prints must not be taken for an answer.
    System.setOut(System.err);
    ResidentMemory.offerAsVictim();
    standBack();
    var tasks = new LinkedBlockingQueue<String>();
    Thread.ofPlatform().daemon().name("tasks").start(() -> readUntilParentIsGone(tasks));
    TaskRunner runner = runner(engines(arguments), phase -> lines.println(ProbeLine.of(phase)));
    while (true) {
      ProbeTask task = ProbeLine.task(tasks.take());
      lines.println(ProbeLine.of(Phase.START));
      lines.println(ProbeLine.of(answer(runner, task)));
    }
  }

  private static Engines engines(String[] arguments) {
    return new Engines(List.of(
        new LightgbmEngine(),
        new OnnxEngine(),
        new SavedModelEngine(Path.of(arguments[2]), Boolean.parseBoolean(arguments[3])),
        new TorchScriptEngine(Path.of(arguments[0]), Boolean.parseBoolean(arguments[1])),
        new XgboostEngine()));
  }

  /** The kinds of task that a child process does. */
  static List<String> kinds() {
    return kinds(new Engines(List.of()), phase -> {}).keySet().stream().sorted().toList();
  }

  private static Map<String, TaskRunner> kinds(Engines engines, Consumer<Phase> progress) {
    return Map.of(
        Job.INSPECT,
        new Inspection(engines, progress),
        Job.check("agreement"),
        new Agreement(engines, progress),
        Job.check("golden"),
        new GoldenReplay(engines, progress),
        Job.check("latency"),
        new LatencyRounds(engines, progress),
        Job.check("artifact-safety"),
        new ArtifactSafety());
  }

  /** Does each kind of task. */
  static TaskRunner runner(Engines engines, Consumer<Phase> progress) {
    Map<String, TaskRunner> kinds = kinds(engines, progress);
    return task -> {
      TaskRunner runner = kinds.get(task.kind());
      return runner == null
          ? failed("this gateway knows no job of kind '" + task.kind() + "'")
          : runner.run(task);
    };
  }

  private static JobResult answer(TaskRunner runner, ProbeTask task) throws InterruptedException {
    try {
      return runner.run(task);
    } catch (OutOfMemoryError tooLarge) {
      return new JobResult(
          null,
          Outcome.NOT_SERVABLE,
          "the model does not fit into " + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB of Java memory",
          null,
          null,
          Map.of());
    } catch (RuntimeException | LinkageError broken) {
      broken.printStackTrace(System.err);
      return failed("the inspection broke: " + broken.getClass().getSimpleName());
    }
  }

  private static JobResult failed(String why) {
    return new JobResult(null, Outcome.FAILED, why, null, null, Map.of());
  }

  private static void readUntilParentIsGone(LinkedBlockingQueue<String> tasks) {
    try (var input = new BufferedReader(
        new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8))) {
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        tasks.add(line);
      }
    } catch (IOException gone) {
      // As good as the end of it.
    }
    Runtime.getRuntime().halt(0);
  }

  /** Below the gateway's own threads, where the system has nice(2); threads started from here on inherit it. */
  private static void standBack() {
    Linker linker = Linker.nativeLinker();
    linker.defaultLookup().find("nice").ifPresent(nice -> {
      try {
        int _ = (int) linker
            .downcallHandle(nice, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
            .invokeExact(NICENESS);
      } catch (Throwable notAllowed) {
        // Only politeness is lost.
      }
    });
  }
}
