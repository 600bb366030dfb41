package dev.slipway.serving.engine;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import java.nio.ByteBuffer;

/**
 * A named tensor, row-major.
 *
 * @param shape without free dimensions
 * @param data the elements from position to limit, little-endian, in a direct buffer when it is an input: {@link DataType#elementSize()} bytes each;
 *     BYTES elements as in the Open Inference Protocol's raw form, each a 4-byte length and its bytes; BOOL one byte, 0 or 1
 */
public record Tensor(String name, DataType datatype, Shape shape, ByteBuffer data) {}
