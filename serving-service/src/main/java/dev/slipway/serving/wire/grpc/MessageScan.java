package dev.slipway.serving.wire.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.wire.Bytes;
import dev.slipway.serving.wire.TensorMemory;
import dev.slipway.serving.wire.grpc.proto.InferTensorContents;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest.InferInputTensor;
import java.io.IOException;

/**
 * Looks through a request's bytes before it is made into objects: an empty input is two bytes on the wire and a hundred in memory, a
 * number one and eight. Counts what it will be made of, and looks at no value.
 */
final class MessageScan {
  /** Inputs, outputs, parameters and raw contents that a request may have, and fields that are none of the protocol's. */
  static final int MAX_PARTS = 16_384;
  /** What one of them takes in memory, generously. */
  private static final int PART_BYTES = 256;
  /** What a string takes beside its bytes. */
  private static final int STRING_BYTES = 64;

  private final byte[] array;
  private final CodedInputStream in;
  private int parts;
  private long heap;

  private MessageScan(Bytes bytes) {
    this.array = bytes.array();
    this.in = CodedInputStream.newInstance(bytes.array(), 0, bytes.length());
  }

  /**
   * The bytes that the request will take on the heap, beside its own bytes.
   *
   * @throws InferenceException BAD_INPUT when it has too many parts, or a shape too many dimensions
   * @throws IOException when it is not such a request
   */
  static long heapOf(Bytes bytes) throws IOException, InferenceException {
    var scan = new MessageScan(bytes);
    scan.request();
    return scan.heap + (long) scan.parts * PART_BYTES;
  }

  private void request() throws IOException, InferenceException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case ModelInferRequest.MODEL_NAME_FIELD_NUMBER,
            ModelInferRequest.MODEL_VERSION_FIELD_NUMBER,
            ModelInferRequest.ID_FIELD_NUMBER -> skip(tag);
        case ModelInferRequest.INPUTS_FIELD_NUMBER -> inside(tag, this::input);
        case ModelInferRequest.OUTPUTS_FIELD_NUMBER -> inside(tag, this::output);
        default -> part(tag);
      }
    }
  }

  /** One field of a message within the request. */
  @FunctionalInterface
  private interface Field {
    void read(int tag) throws IOException, InferenceException;
  }

  private void inside(int tag, Field field) throws IOException, InferenceException {
    if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      part(tag);
      return;
    }
    count();
    int outer = in.pushLimit(in.readRawVarint32());
    for (int inner = in.readTag(); inner != 0; inner = in.readTag()) {
      field.read(inner);
    }
    in.popLimit(outer);
  }

  private void input(int tag) throws IOException, InferenceException {
    switch (WireFormat.getTagFieldNumber(tag)) {
      case InferInputTensor.NAME_FIELD_NUMBER, InferInputTensor.DATATYPE_FIELD_NUMBER -> skip(tag);
      case InferInputTensor.SHAPE_FIELD_NUMBER -> shape(tag);
      case InferInputTensor.CONTENTS_FIELD_NUMBER -> inside(tag, this::contents);
      default -> part(tag);
    }
  }

  private void output(int tag) throws IOException, InferenceException {
    if (WireFormat.getTagFieldNumber(tag) == InferInputTensor.NAME_FIELD_NUMBER) {
      skip(tag);
    } else {
      part(tag);
    }
  }

  private void shape(int tag) throws IOException, InferenceException {
    count();
    if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      skip(tag);
      return;
    }
    int length = in.readRawVarint32();
    TensorMemory.rank(varints(length));
  }

  /** The elements of a tensor are as many as its model takes: they are paid for, and not limited here. */
  private void contents(int tag) throws IOException, InferenceException {
    int field = WireFormat.getTagFieldNumber(tag);
    int size = elementSize(field);
    if (size == 0) {
      part(tag);
    } else if (field == InferTensorContents.BYTES_CONTENTS_FIELD_NUMBER
        || WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      heap += size;
      skip(tag);
    } else {
      int length = in.readRawVarint32();
      boolean fixed = field == InferTensorContents.FP32_CONTENTS_FIELD_NUMBER
          || field == InferTensorContents.FP64_CONTENTS_FIELD_NUMBER;
      if (fixed) {
        in.skipRawBytes(length);
      }
      // Lists grow by half.
      heap += (fixed ? length : (long) varints(length) * size) * 3 / 2;
    }
  }

  private static int elementSize(int field) {
    return switch (field) {
      case InferTensorContents.BOOL_CONTENTS_FIELD_NUMBER -> Byte.BYTES;
      case InferTensorContents.INT_CONTENTS_FIELD_NUMBER,
          InferTensorContents.UINT_CONTENTS_FIELD_NUMBER,
          InferTensorContents.FP32_CONTENTS_FIELD_NUMBER -> Integer.BYTES;
      case InferTensorContents.INT64_CONTENTS_FIELD_NUMBER,
          InferTensorContents.UINT64_CONTENTS_FIELD_NUMBER,
          InferTensorContents.FP64_CONTENTS_FIELD_NUMBER -> Long.BYTES;
      case InferTensorContents.BYTES_CONTENTS_FIELD_NUMBER -> STRING_BYTES;
      default -> 0;
    };
  }

  /** How many numbers there are in so many bytes: each ends with a byte below 128. */
  private int varints(int length) throws IOException {
    int from = in.getTotalBytesRead();
    in.skipRawBytes(length);
    int ends = 0;
    for (int i = from; i < from + length; i++) {
      ends += array[i] >= 0 ? 1 : 0;
    }
    return ends;
  }

  private void part(int tag) throws IOException, InferenceException {
    count();
    skip(tag);
  }

  private void count() throws InferenceException {
    if (++parts > MAX_PARTS) {
      throw InferenceException.badInput(
          "the request has over " + MAX_PARTS + " inputs, outputs, parameters and raw contents");
    }
  }

  private void skip(int tag) throws IOException {
    in.skipField(tag);
  }
}
