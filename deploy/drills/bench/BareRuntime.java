import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * The limit: ONNX Runtime in a process of its own, called in a loop with inputs that were made once, with the options that the
 * gateway gives a session. Prints calls a second.
 *
 * <pre>java -cp onnxruntime.jar BareRuntime.java MODEL THREADS CALLERS SECONDS [INPUT FP32|INT64 SHAPE RAW_FILE]...</pre>
 */
public class BareRuntime {
  private static final int FIRST_INPUT = 4;
  private static final int WORDS = 4;

  /** See the class. */
  public static void main(String[] args) throws Exception {
    int callers = Integer.parseInt(args[2]);
    double seconds = Double.parseDouble(args[3]);
    var options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(Integer.parseInt(args[1]));
    options.setInterOpNumThreads(1);
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    options.addConfigEntry("session.inter_op.allow_spinning", "0");
    var calls = new LongAdder();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(args[0], options)) {
      long end = System.nanoTime() + (long) (seconds * 1e9);
      Thread[] threads = new Thread[callers];
      for (int i = 0; i < callers; i++) {
        threads[i] = Thread.ofPlatform().start(() -> {
          try {
            Map<String, OnnxTensor> inputs = inputs(environment, args);
            while (System.nanoTime() < end) {
              session.run(inputs).close();
              calls.increment();
            }
            inputs.values().forEach(OnnxTensor::close);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    System.out.printf(Locale.ROOT, "%.1f%n", calls.sum() / seconds);
  }

  private static Map<String, OnnxTensor> inputs(OrtEnvironment environment, String[] args) throws Exception {
    Map<String, OnnxTensor> inputs = new HashMap<>();
    for (int i = FIRST_INPUT; i < args.length; i += WORDS) {
      byte[] bytes = Files.readAllBytes(Path.of(args[i + 3]));
      ByteBuffer data = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder()).put(bytes).flip();
      long[] shape = Arrays.stream(args[i + 2].split(",")).mapToLong(Long::parseLong).toArray();
      OnnxJavaType type = args[i + 1].equals("INT64") ? OnnxJavaType.INT64 : OnnxJavaType.FLOAT;
      inputs.put(args[i], OnnxTensor.createTensor(environment, data, shape, type));
    }
    return inputs;
  }
}
