package dev.slipway.serving.predict;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.engine.TensorBuffer;
import dev.slipway.serving.predict.InferenceException.Kind;
import java.nio.ByteBuffer;

/**
 * Takes the elements of one tensor, one after the other, into pooled direct memory that grows as needed: what is allocated
 * follows what came, not what a request says will come. Numbers are to be in the datatype's range already.
 */
public final class TensorSink implements AutoCloseable {
  private static final int SMALLEST = 64;

  private final String name;
  private final DataType datatype;
  private final long maxElements;
  private TensorBuffer buffer;
  private ByteBuffer data;
  private int count;

  public TensorSink(String name, DataType datatype, int expected, long maxElements) {
    this.name = name;
    this.datatype = datatype;
    this.maxElements = maxElements;
    long bytes = (long) expected * Math.max(datatype.elementSize(), Integer.BYTES);
    this.buffer = TensorBuffer.allocate(Math.clamp(bytes, SMALLEST, Integer.MAX_VALUE - SMALLEST));
    this.data = buffer.data();
  }

  public String name() {
    return name;
  }

  public DataType datatype() {
    return datatype;
  }

  /** Elements taken so far. */
  public int count() {
    return count;
  }

  public void putFloat(float value) throws InferenceException {
    room(Float.BYTES).putFloat(value);
  }

  public void putDouble(double value) throws InferenceException {
    switch (datatype) {
      case FP64 -> room(Double.BYTES).putDouble(value);
      case FP32 -> room(Float.BYTES).putFloat((float) value);
      case FP16 -> room(Short.BYTES).putShort(HalfFloats.toFloat16(value));
      case BF16 -> room(Short.BYTES).putShort(HalfFloats.toBfloat16(value));
      default -> throw new IllegalStateException("no floating point in " + datatype);
    }
  }

  /** The low bits of {@code value}, as many as the datatype has. */
  public void putInteger(long value) throws InferenceException {
    switch (datatype.elementSize()) {
      case Byte.BYTES -> room(Byte.BYTES).put((byte) value);
      case Short.BYTES -> room(Short.BYTES).putShort((short) value);
      case Integer.BYTES -> room(Integer.BYTES).putInt((int) value);
      case Long.BYTES -> room(Long.BYTES).putLong(value);
      default -> throw new IllegalStateException("no integer in " + datatype);
    }
  }

  public void putBytes(byte[] value) throws InferenceException {
    room(Math.addExact(Integer.BYTES, value.length)).putInt(value.length).put(value);
  }

  private ByteBuffer room(int bytes) throws InferenceException {
    if (++count > maxElements) {
      throw new InferenceException(
          Kind.TOO_LARGE, "tensor '" + name + "' has more than " + maxElements + " elements");
    }
    if (data.remaining() < bytes) {
      grow(bytes);
    }
    return data;
  }

  private void grow(int bytes) throws InferenceException {
    long wanted = Math.max(2L * data.capacity(), (long) data.position() + bytes);
    if ((long) data.position() + bytes > Integer.MAX_VALUE - SMALLEST) {
      throw new InferenceException(Kind.TOO_LARGE, "tensor '" + name + "' is over 2 GiB");
    }
    TensorBuffer larger =
        TensorBuffer.allocate((int) Math.min(wanted, Integer.MAX_VALUE - SMALLEST));
    larger.data().put(data.flip());
    buffer.close();
    buffer = larger;
    data = larger.data();
  }

  /** The tensor, in the memory of {@link #buffer}. Nothing more can be put in. */
  public Tensor finish(Shape shape) {
    return new Tensor(name, datatype, shape, data.flip());
  }

  /** The memory behind the tensor; whoever takes it closes it instead of this sink. */
  public TensorBuffer buffer() {
    return buffer;
  }

  @Override
  public void close() {
    buffer.close();
  }
}
