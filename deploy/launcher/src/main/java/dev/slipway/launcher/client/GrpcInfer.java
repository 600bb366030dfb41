package dev.slipway.launcher.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * {@code ModelInfer} of the Open Inference Protocol (open_inference_grpc.proto) with messages as bytes: a request is made once and
 * sent often, and answers are not taken apart.
 */
public final class GrpcInfer {
  /** The call. */
  public static final MethodDescriptor<byte[], byte[]> METHOD =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("inference.GRPCInferenceService/ModelInfer")
          .setRequestMarshaller(new AsItIs())
          .setResponseMarshaller(new AsItIs())
          .build();

  private GrpcInfer() {}

  /**
   * An input tensor.
   *
   * @param datatype the protocol's name, FP32 for example
   * @param raw little-endian
   */
  public record Input(String name, String datatype, List<Long> shape, ByteString raw) {}

  /** A {@code ModelInferRequest} with its tensors in {@code raw_input_contents}. */
  public static byte[] request(String model, List<Input> inputs) {
    try {
      var all = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(all);
      out.writeString(1, model);
      for (Input input : inputs) {
        out.writeByteArray(5, head(input));
      }
      for (Input input : inputs) {
        out.writeBytes(7, input.raw());
      }
      out.flush();
      return all.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An {@code InferInputTensor}. */
  private static byte[] head(Input input) throws IOException {
    var all = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(all);
    out.writeString(1, input.name());
    out.writeString(2, input.datatype());
    for (long dimension : input.shape()) {
      out.writeInt64(3, dimension);
    }
    out.flush();
    return all.toByteArray();
  }

  private static final class AsItIs implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
