package dev.slipway.serving.engine.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.TensorInfo.OnnxTensorType;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.engine.TensorBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Tensors that the Java API of ONNX Runtime cannot make or read rightly: unsigned integers of 16, 32 and 64 bits, which it has no word for, and
 * strings, which it passes in the JVM's modified UTF-8, so that a character beyond U+FFFF reaches the model as other bytes. Thread-safe.
 */
final class OrtValues {
  private static final Logger LOG = Logger.getLogger(OrtValues.class);

  // Slots of struct OrtApi.
  private static final int CREATE_TENSOR = 48;
  private static final int CREATE_TENSOR_WITH_DATA = 49;
  private static final int FILL_STRING_TENSOR = 52;
  private static final int STRING_LENGTH = 53;
  private static final int STRING_CONTENT = 54;
  private static final int CREATE_CPU_MEMORY_INFO = 69;

  // enum ONNXTensorElementDataType.
  private static final int UINT16 = 4;
  private static final int STRING = 8;
  private static final int UINT32 = 12;
  private static final int UINT64 = 13;

  private static final int ARENA_ALLOCATOR = 1;
  private static final int DEFAULT_MEMORY = 0;

  private final OrtLibrary library;
  private final MethodHandle newInfo;
  private final MethodHandle createTensor;
  private final MethodHandle createTensorWithData;
  private final MethodHandle fillStrings;
  private final MethodHandle stringLength;
  private final MethodHandle stringContent;
  private final MemorySegment cpu;

  private OrtValues(OrtEnvironment environment) throws Throwable {
    library = new OrtLibrary(environment);
    newInfo = library.constructor(
        TensorInfo.class, long[].class, OnnxJavaType.class, OnnxTensorType.class);
    var pointer = ValueLayout.ADDRESS;
    var size = OrtLibrary.SIZE;
    var number = ValueLayout.JAVA_INT;
    createTensor = library.function(CREATE_TENSOR, pointer, pointer, size, number, pointer);
    createTensorWithData = library.function(
        CREATE_TENSOR_WITH_DATA, pointer, pointer, size, pointer, size, number, pointer);
    fillStrings = library.function(FILL_STRING_TENSOR, pointer, pointer, size);
    stringLength = library.function(STRING_LENGTH, pointer, pointer);
    stringContent = library.function(STRING_CONTENT, pointer, pointer, size, pointer, size);
    MethodHandle createInfo = library.function(CREATE_CPU_MEMORY_INFO, number, number, pointer);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
      library.check((MemorySegment) createInfo.invoke(ARENA_ALLOCATOR, DEFAULT_MEMORY, out));
      cpu = out.get(ValueLayout.ADDRESS, 0);
    }
  }

  /** Empty, with the reason in the log, when this version of the runtime does not have what is needed, tried by a round trip. */
  static Optional<OrtValues> find(OrtEnvironment environment) {
    try {
      var values = new OrtValues(environment);
      values.tryStrings();
      return Optional.of(values);
    } catch (Throwable e) {
      LOG.error("unsigned inputs and string tensors are not available", e);
      return Optional.empty();
    }
  }

  private void tryStrings() throws PredictException, OrtException {
    byte[] text = "🦊".getBytes(StandardCharsets.UTF_8);
    ByteBuffer raw = ByteBuffer.allocateDirect(Integer.BYTES + text.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(text.length)
        .put(text)
        .flip();
    var tensor = new Tensor("trial", DataType.BYTES, Shape.of(1), raw);
    try (OnnxTensor value = create(tensor);
        TensorBuffer read = strings(value, 1)) {
      if (!Arrays.equals(value.getInfo().getShape(), new long[] {1})
          || !read.data().equals(raw)) {
        throw new IllegalStateException("a string did not come back as it went in");
      }
    }
  }

  /** Whether tensors of this datatype are made here and not by the Java API. */
  static boolean makes(DataType datatype) {
    return datatype == DataType.BYTES
        || datatype == DataType.UINT16
        || datatype == DataType.UINT32
        || datatype == DataType.UINT64;
  }

  /**
   * A tensor of the runtime: over the memory of {@code tensor} for numbers, a copy for strings.
   *
   * @throws PredictException BAD_INPUT when a string is not UTF-8 or holds a NUL
   */
  OnnxTensor create(Tensor tensor) throws PredictException {
    try (Arena arena = Arena.ofConfined()) {
      long[] dimensions = tensor.shape().toArray();
      MemorySegment shape = arena.allocateFrom(ValueLayout.JAVA_LONG, dimensions);
      MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
      if (tensor.datatype() == DataType.BYTES) {
        return strings(arena, tensor, shape, out);
      }
      MemorySegment data = MemorySegment.ofBuffer(tensor.data());
      library.check((MemorySegment) createTensorWithData.invoke(
          cpu,
          data,
          data.byteSize(),
          shape,
          (long) dimensions.length,
          elementType(tensor.datatype()),
          out));
      return wrap(out, tensor, OnnxJavaType.UNKNOWN);
    } catch (PredictException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private OnnxTensor strings(Arena arena, Tensor tensor, MemorySegment shape, MemorySegment out)
      throws Throwable {
    int count = Strings.count(tensor.shape());
    MemorySegment pointers = Strings.terminated(arena, tensor, count);
    library.check((MemorySegment)
        createTensor.invoke(library.allocator(), shape, (long) tensor.shape().rank(), STRING, out));
    OnnxTensor value = wrap(out, tensor, OnnxJavaType.STRING);
    try {
      library.check((MemorySegment)
          fillStrings.invoke(out.get(ValueLayout.ADDRESS, 0), pointers, (long) count));
      return value;
    } catch (RuntimeException e) {
      value.close();
      throw e;
    }
  }

  private OnnxTensor wrap(MemorySegment out, Tensor tensor, OnnxJavaType type) throws Throwable {
    OnnxTensorType onnxType = switch (tensor.datatype()) {
      case UINT16 -> OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16;
      case UINT32 -> OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32;
      case UINT64 -> OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64;
      default -> OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING;
    };
    var info = (TensorInfo) newInfo.invoke(tensor.shape().toArray(), type, onnxType);
    return library.wrap(out.get(ValueLayout.ADDRESS, 0), info);
  }

  private static int elementType(DataType datatype) {
    return switch (datatype) {
      case UINT16 -> UINT16;
      case UINT32 -> UINT32;
      case UINT64 -> UINT64;
      default -> throw new IllegalArgumentException("the Java API makes " + datatype);
    };
  }

  /** The elements of a string tensor in the protocol's raw form, byte for byte. The caller closes the buffer. */
  TensorBuffer strings(OnnxTensor tensor, int count) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = library.unwrap(tensor);
      MemorySegment length = arena.allocate(ValueLayout.JAVA_LONG);
      library.check((MemorySegment) stringLength.invoke(value, length));
      long bytes = length.get(ValueLayout.JAVA_LONG, 0);
      MemorySegment content = arena.allocate(Math.max(1, bytes));
      MemorySegment offsets = arena.allocate(ValueLayout.JAVA_LONG, count);
      library.check(
          (MemorySegment) stringContent.invoke(value, content, bytes, offsets, (long) count));
      return Strings.raw(content, bytes, offsets, count);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
