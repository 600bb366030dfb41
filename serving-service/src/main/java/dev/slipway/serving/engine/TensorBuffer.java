package dev.slipway.serving.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Pooled direct memory for one tensor, little-endian, aligned for every datatype. Not zeroed. Whoever allocates it closes it,
 * once no {@link Tensor} over it is read any more; closing it again does nothing. Not thread-safe.
 */
public final class TensorBuffer implements AutoCloseable {
  private static final int ARENAS = Math.max(2, Runtime.getRuntime().availableProcessors());
  private static final int PAGE = 8192;
  /** Chunks of 4 MiB: Quarkus shrinks the default allocator's chunks to 64 KiB, and an image is 600 KB. */
  private static final int MAX_ORDER = 9;

  private static final PooledByteBufAllocator POOL =
      new PooledByteBufAllocator(true, 0, ARENAS, PAGE, MAX_ORDER, 256, 64, false);

  private final ByteBuffer data;
  private ByteBuf memory;

  private TensorBuffer(ByteBuf memory, int bytes) {
    this.memory = memory;
    this.data = memory.nioBuffer(0, bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A buffer whose data runs from 0 to {@code bytes}. */
  public static TensorBuffer allocate(int bytes) {
    return new TensorBuffer(POOL.directBuffer(Math.max(bytes, 1)), bytes);
  }

  /** The memory; invalid after {@link #close}. */
  public ByteBuffer data() {
    return data;
  }

  @Override
  public void close() {
    if (memory != null) {
      memory.release();
      memory = null;
    }
  }
}
