package dev.slipway.serving.wire.grpc;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.predict.Echo;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceRequest;
import dev.slipway.serving.predict.SignatureCheck;
import dev.slipway.serving.predict.TensorSink;
import dev.slipway.serving.wire.NotOffered;
import dev.slipway.serving.wire.TensorMemory;
import dev.slipway.serving.wire.grpc.proto.InferParameter;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest.InferInputTensor;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Makes a gRPC request into tensors. Either every input is raw or none is. */
final class GrpcRequestReader {
  private final SignatureCheck check;
  private final long maxElements;

  GrpcRequestReader(ModelSignature signature, long maxElements) {
    this.check = new SignatureCheck(signature);
    this.maxElements = maxElements;
  }

  /**
   * @param callMicros what is left of the call's own deadline; 0 for none
   */
  InferenceRequest read(ModelInferRequest request, long callMicros) throws InferenceException {
    boolean raw = request.getRawInputContentsCount() > 0;
    if (raw && request.getRawInputContentsCount() != request.getInputsCount()) {
      throw InferenceException.badInput(
          "raw_input_contents has " + request.getRawInputContentsCount() + " entries, inputs has "
              + request.getInputsCount());
    }
    offered(request.getParametersMap());
    try (var memory = new TensorMemory(maxElements)) {
      for (int i = 0; i < request.getInputsCount(); i++) {
        InferInputTensor input = request.getInputs(i);
        offered(input.getParametersMap());
        TensorSpec spec = check.input(input.getName());
        DataType datatype = datatype(input);
        SignatureCheck.datatype(spec, datatype);
        Shape shape = shape(input);
        SignatureCheck.shape(spec, shape);
        if (raw) {
          requireNoContents(input);
          memory.addRaw(
              input.getName(),
              datatype,
              shape,
              request.getRawInputContents(i).asReadOnlyByteBuffer());
        } else {
          typed(input, datatype, shape, memory);
        }
      }
      String id = request.getId().isEmpty() ? null : request.getId();
      return memory.request(id, outputs(request), timeoutMicros(request, callMicros));
    }
  }

  private static void requireNoContents(InferInputTensor input) throws InferenceException {
    // MLServer's converter leaves empty contents beside the raw ones.
    if (input.getContents().getSerializedSize() > 0) {
      throw InferenceException.badInput("input '" + input.getName()
          + "' has contents, and the request raw_input_contents: give one of them");
    }
  }

  private void typed(InferInputTensor input, DataType datatype, Shape shape, TensorMemory memory)
      throws InferenceException {
    int count = memory.count(input.getName(), shape);
    if (!GrpcTensors.hasContents(datatype) && count > 0) {
      throw InferenceException.badInput("input '" + input.getName() + "': " + datatype
          + " has no typed contents; send it in raw_input_contents");
    }
    int came = GrpcTensors.count(datatype, input.getContents());
    long others = GrpcTensors.count(input.getContents()) - came;
    if (others > 0) {
      // As Triton's InferGRPCToInput: which of them are meant, nobody knows.
      throw InferenceException.badInput("input '" + input.getName() + "': it is " + datatype
          + ", and its contents have " + others + " elements in fields of other datatypes");
    }
    if (came != count) {
      throw InferenceException.badInput("input '" + input.getName() + "': shape " + shape
          + " takes " + count + " elements, its contents for " + datatype + " have " + came);
    }
    var sink = new TensorSink(input.getName(), datatype, count, maxElements);
    try {
      GrpcTensors.read(input.getContents(), sink);
      memory.add(sink, shape);
    } catch (InferenceException | RuntimeException | Error e) {
      sink.close();
      throw e;
    }
  }

  private static DataType datatype(InferInputTensor input) throws InferenceException {
    return DataType.find(input.getDatatype())
        .orElseThrow(() -> InferenceException.badInput("input '" + input.getName()
            + "': datatype: expected one of " + Arrays.toString(DataType.values()) + ", got '"
            + Echo.of(input.getDatatype()) + "'"));
  }

  private static Shape shape(InferInputTensor input) throws InferenceException {
    TensorMemory.rank(input.getShapeCount());
    long[] dimensions = new long[input.getShapeCount()];
    for (int i = 0; i < dimensions.length; i++) {
      dimensions[i] = input.getShape(i);
      if (dimensions[i] < 0) {
        throw InferenceException.badInput("input '" + input.getName() + "': shape, dimension " + i
            + " cannot be " + dimensions[i]);
      }
    }
    return Shape.of(dimensions);
  }

  private static void offered(Map<String, InferParameter> parameters) throws InferenceException {
    for (var parameter : parameters.entrySet()) {
      NotOffered.check(parameter.getKey(), value(parameter.getValue()));
    }
  }

  private static Object value(InferParameter parameter) {
    return switch (parameter.getParameterChoiceCase()) {
      case BOOL_PARAM -> parameter.getBoolParam();
      case INT64_PARAM -> parameter.getInt64Param();
      case UINT64_PARAM -> parameter.getUint64Param();
      case STRING_PARAM -> parameter.getStringParam();
      case DOUBLE_PARAM, PARAMETERCHOICE_NOT_SET -> parameter;
    };
  }

  private Set<String> outputs(ModelInferRequest request) throws InferenceException {
    Set<String> names = new LinkedHashSet<>();
    for (var output : request.getOutputsList()) {
      offered(output.getParametersMap());
      check.output(output.getName());
      if (!names.add(output.getName())) {
        throw InferenceException.badInput("output '" + output.getName() + "' is asked for twice");
      }
    }
    return names;
  }

  /**
   * The shorter of the call's deadline and Triton's {@code timeout} parameter, which Triton takes as a whole number only.
   */
  private static long timeoutMicros(ModelInferRequest request, long callMicros)
      throws InferenceException {
    InferParameter timeout = request.getParametersMap().get("timeout");
    if (timeout != null && !timeout.hasInt64Param() && !timeout.hasUint64Param()) {
      throw InferenceException.badInput("the parameter 'timeout' is to be an int64_param, got "
          + timeout.getParameterChoiceCase().name().toLowerCase(Locale.ROOT));
    }
    long asked = timeout == null ? 0 : Math.max(timeout.getInt64Param(), timeout.getUint64Param());
    if (asked <= 0) {
      return callMicros;
    }
    return callMicros <= 0 ? asked : Math.min(asked, callMicros);
  }
}
