package dev.slipway.serving.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;

/**
 * The way from the Java API to the C API beneath it, within the same library: the table of functions ({@code struct OrtApi}, whose order
 * never changes), and the private constructor by which a value made there becomes an {@link OnnxTensor}. Bound to the names of one version of
 * the Java API; {@link OrtValues} tries it before it is relied on.
 */
final class OrtLibrary {
  static final ValueLayout.OfLong SIZE = ValueLayout.JAVA_LONG;
  static final ValueLayout POINTER = ValueLayout.ADDRESS;

  private static final int SLOTS = 102;
  private static final int RELEASE_STATUS = 93;

  private final Linker linker = Linker.nativeLinker();
  private final Lookup lookup;
  private final MemorySegment functions;
  private final MethodHandle releaseStatus;
  private final MethodHandle newTensor;
  private final MethodHandle tensorHandle;
  private final long allocator;

  OrtLibrary(OrtEnvironment environment) throws Throwable {
    lookup = MethodHandles.privateLookupIn(OnnxTensor.class, MethodHandles.lookup());
    Class<?> runtime = lookup.findClass("ai.onnxruntime.OnnxRuntime");
    Class<?> allocatorType = lookup.findClass("ai.onnxruntime.OrtAllocator");
    Class<?> infoType = lookup.findClass("ai.onnxruntime.TensorInfo");
    long api =
        (long) lookup.findStaticGetter(runtime, "ortApiHandle", long.class).invoke();
    functions = MemorySegment.ofAddress(api).reinterpret(SLOTS * ValueLayout.ADDRESS.byteSize());
    Object defaultAllocator = lookup
        .findGetter(OrtEnvironment.class, "defaultAllocator", allocatorType)
        .invoke(environment);
    allocator =
        (long) lookup.findGetter(allocatorType, "handle", long.class).invoke(defaultAllocator);
    newTensor = lookup.findConstructor(
        OnnxTensor.class, MethodType.methodType(void.class, long.class, long.class, infoType));
    tensorHandle = lookup.findVirtual(
        OnnxTensorLike.class, "getNativeHandle", MethodType.methodType(long.class));
    releaseStatus = linker.downcallHandle(slot(RELEASE_STATUS), FunctionDescriptor.ofVoid(POINTER));
  }

  private MemorySegment slot(int index) {
    return functions.getAtIndex(ValueLayout.ADDRESS, index);
  }

  /** The function in that slot; it answers a status, for {@link #check}. */
  MethodHandle function(int index, ValueLayout... parameters) {
    return linker.downcallHandle(
        slot(index), FunctionDescriptor.of(ValueLayout.ADDRESS, parameters));
  }

  void check(MemorySegment status) throws Throwable {
    if (status.address() != 0) {
      releaseStatus.invoke(status);
      throw new IllegalStateException("ONNX Runtime's C API refused a tensor");
    }
  }

  MemorySegment allocator() {
    return MemorySegment.ofAddress(allocator);
  }

  OnnxTensor wrap(MemorySegment value, ai.onnxruntime.TensorInfo info) throws Throwable {
    return (OnnxTensor) newTensor.invoke(value.address(), allocator, info);
  }

  MemorySegment unwrap(OnnxTensor tensor) throws Throwable {
    return MemorySegment.ofAddress((long) tensorHandle.invoke(tensor));
  }

  /** A constructor of the Java API that is not public. */
  MethodHandle constructor(Class<?> type, Class<?>... parameters)
      throws ReflectiveOperationException {
    return lookup.findConstructor(type, MethodType.methodType(void.class, parameters));
  }
}
