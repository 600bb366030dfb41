import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * The limit: ONNX Runtime in a process of its own, called in a loop with one input that was made once. Prints calls a second.
 *
 * <pre>java -cp onnxruntime.jar BareRuntime.java MODEL INPUT SHAPE RAW_FLOATS_FILE CALLERS SECONDS</pre>
 */
public class BareRuntime {
  /** See the class. */
  public static void main(String[] args) throws Exception {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(Path.of(args[3]))).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.capacity()).order(ByteOrder.nativeOrder());
    direct.put(bytes).flip();
    String[] parts = args[2].split(",");
    long[] shape = new long[parts.length];
    for (int i = 0; i < parts.length; i++) {
      shape[i] = Long.parseLong(parts[i]);
    }
    int callers = Integer.parseInt(args[4]);
    long end = System.nanoTime() + (long) (Double.parseDouble(args[5]) * 1e9);
    var options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    var calls = new LongAdder();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(args[0], options)) {
      Thread[] threads = new Thread[callers];
      for (int i = 0; i < callers; i++) {
        threads[i] = Thread.ofPlatform().start(() -> {
          try (OnnxTensor input =
              OnnxTensor.createTensor(environment, direct.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer(), shape)) {
            while (System.nanoTime() < end) {
              session.run(Map.of(args[1], input)).close();
              calls.increment();
            }
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    System.out.printf(Locale.ROOT, "%.0f%n", calls.sum() / Double.parseDouble(args[5]));
  }
}
