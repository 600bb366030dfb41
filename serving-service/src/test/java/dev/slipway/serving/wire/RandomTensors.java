package dev.slipway.serving.wire;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.predict.HalfFloats;
import dev.slipway.serving.predict.InferenceResponse;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Tensors of any datatype and shape, empty and scalar ones among them, full of what is hard to carry. */
public final class RandomTensors {
  private static final double[] HARD = {
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    -0.0,
    0.0,
    Double.MIN_VALUE,
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    0.1,
    1.0 / 3,
    16777217,
    9007199254740992.0,
    1e-45,
    3.4028235e38
  };
  private static final long[] HARD_INTEGERS = {
    0,
    -1,
    1,
    Long.MIN_VALUE,
    Long.MAX_VALUE,
    (1L << 53) + 1,
    -(1L << 53) - 1,
    Integer.MIN_VALUE,
    0x80000000L
  };
  private static final String[] HARD_TEXTS = {
    "",
    "plain",
    "quote\" slash\\ newline\n tab\t nul\0",
    "zażółć 東京",
    "🦊",
    "\u2028\uFEFF",
    "x".repeat(300)
  };

  private final Random random;

  public RandomTensors(long seed) {
    this.random = new Random(seed);
  }

  /**
   * @param anyBytes whether BYTES elements may be no text
   */
  public Tensor next(DataType type, boolean anyBytes) {
    long[] dimensions = new long[random.nextInt(4)];
    for (int i = 0; i < dimensions.length; i++) {
      dimensions[i] = random.nextInt(4);
    }
    Shape shape = Shape.of(dimensions);
    int count = (int) shape.elementCount().orElseThrow();
    byte[] raw = type == DataType.BYTES ? texts(count, anyBytes) : numbers(type, count);
    ByteBuffer data = ByteBuffer.allocateDirect(raw.length).order(ByteOrder.LITTLE_ENDIAN);
    data.put(raw).flip();
    return new Tensor("X", type, shape, data);
  }

  private byte[] texts(int count, boolean anyBytes) {
    var out = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      byte[] element =
          HARD_TEXTS[random.nextInt(HARD_TEXTS.length)].getBytes(StandardCharsets.UTF_8);
      if (anyBytes && random.nextBoolean()) {
        element = new byte[random.nextInt(20)];
        random.nextBytes(element);
      }
      out.writeBytes(ByteBuffer.allocate(4)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt(element.length)
          .array());
      out.writeBytes(element);
    }
    return out.toByteArray();
  }

  private byte[] numbers(DataType type, int count) {
    var raw = ByteBuffer.allocate(count * type.elementSize()).order(ByteOrder.LITTLE_ENDIAN);
    while (raw.hasRemaining()) {
      double real = random.nextBoolean()
          ? HARD[random.nextInt(HARD.length)]
          : random.nextGaussian() * Math.pow(10, random.nextInt(20) - 10);
      long whole = random.nextBoolean()
          ? HARD_INTEGERS[random.nextInt(HARD_INTEGERS.length)]
          : random.nextLong();
      switch (type) {
        case BOOL -> raw.put((byte) (whole & 1));
        case INT8, UINT8 -> raw.put((byte) whole);
        case INT16, UINT16 -> raw.putShort((short) whole);
        case INT32, UINT32 -> raw.putInt((int) whole);
        case INT64, UINT64 -> raw.putLong(whole);
        case FP16 -> raw.putShort(HalfFloats.toFloat16(real));
        case BF16 -> raw.putShort(HalfFloats.toBfloat16(real));
        case FP32 -> raw.putFloat((float) real);
        case FP64 -> raw.putDouble(real);
        case BYTES -> throw new IllegalStateException();
      }
    }
    return raw.array();
  }

  public static byte[] raw(Tensor tensor) {
    byte[] raw = new byte[tensor.data().remaining()];
    tensor.data().duplicate().get(raw);
    return raw;
  }

  /** An answer that holds this tensor. */
  public static InferenceResponse answer(Tensor tensor) {
    LoadedModel.Outputs outputs = new LoadedModel.Outputs() {
      @Override
      public List<Tensor> tensors() {
        return List.of(tensor);
      }

      @Override
      public void close() {}
    };
    return new InferenceResponse("m", 1, Digest.of(new byte[0]), null, outputs);
  }
}
