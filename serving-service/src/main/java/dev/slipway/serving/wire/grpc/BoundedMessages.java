package dev.slipway.serving.wire.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceException.Kind;
import dev.slipway.serving.wire.Bytes;
import dev.slipway.serving.wire.RequestMemory;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;
import io.grpc.Detachable;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * A service that makes messages into objects only within limits, and ends the call of another: protocol buffers makes objects of
 * whatever stands in a message, many times its size.
 */
final class BoundedMessages {
  /** Requests that carry no tensors are names. */
  private static final int NAMES = 64 << 10;
  /** Read on a thread of its own: a tenth of a millisecond or more. */
  private static final int LARGE = 256 << 10;
  /** Not worth the counting. */
  private static final int CHEAP = 8 << 10;

  private final int largest;
  private final Executor executor;

  /**
   * @param largest the most bytes of a message, unpacked; packed ones need {@link PackedMessages}
   * @param executor reads large messages, and ends calls whose message finds no room: the thread that says so must not
   */
  BoundedMessages(int largest, Executor executor) {
    this.largest = largest;
    this.executor = executor;
  }

  ServerServiceDefinition around(ServerServiceDefinition service) {
    List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
    service.getMethods().forEach(method -> methods.add(around(method)));
    ServiceDescriptor known = service.getServiceDescriptor();
    var descriptor = ServiceDescriptor.newBuilder(known.getName())
        .setSchemaDescriptor(known.getSchemaDescriptor());
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    var bounded = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(bounded::addMethod);
    return bounded.build();
  }

  private <Q, A> ServerMethodDefinition<Arrival<Q>, A> around(ServerMethodDefinition<Q, A> method) {
    MethodDescriptor<Q, A> known = method.getMethodDescriptor();
    MethodDescriptor<Arrival<Q>, A> descriptor = known.toBuilder(
            new Arrivals<>(known.getRequestMarshaller()), known.getResponseMarshaller())
        .build();
    return ServerMethodDefinition.create(descriptor, handler(method.getServerCallHandler()));
  }

  private <Q, A> ServerCallHandler<Arrival<Q>, A> handler(ServerCallHandler<Q, A> inner) {
    return (call, headers) -> {
      Intake intake = Intake.current();
      intake.onRefusal(refusal -> executor.execute(() -> ArrivalListener.end(call, refusal)));
      var counted = new SimpleForwardingServerCall<Arrival<Q>, A>(call) {
        @Override
        public void request(int messages) {
          intake.answered();
          super.request(messages);
        }
      };
      return new ArrivalListener<>(inner.startCall(sameCall(counted), headers), call, executor);
    };
  }

  /** A call hands no request out: the listener gets them. */
  @SuppressWarnings("unchecked")
  private static <Q, A> ServerCall<Q, A> sameCall(ServerCall<Arrival<Q>, A> call) {
    return (ServerCall<Q, A>) (ServerCall<?, A>) call;
  }

  /** Makes an object of a message's bytes. */
  @FunctionalInterface
  private interface Reading<Q> {
    Q message(Bytes bytes, Intake intake) throws IOException, InferenceException;
  }

  private static ModelInferRequest tensors(Bytes bytes, Intake intake)
      throws IOException, InferenceException {
    long heap = MessageScan.heapOf(bytes);
    if (heap > CHEAP) {
      pay(heap, intake);
    }
    // The tensors' bytes stay in the array.
    CodedInputStream in =
        UnsafeByteOperations.unsafeWrap(bytes.array(), 0, bytes.length()).newCodedInput();
    in.enableAliasing(true);
    ModelInferRequest request = ModelInferRequest.parser().parseFrom(in);
    in.checkLastTagWas(0);
    return request;
  }

  private static void pay(long heap, Intake intake) throws InferenceException {
    try {
      intake.require(heap);
    } catch (InferenceException e) {
      // Raw tensors stay where they are: it is typed contents that grow, strings most of all.
      throw e.kind() == Kind.TOO_LARGE
          ? new InferenceException(
              Kind.TOO_LARGE, e.getMessage() + ", or its tensors in raw_input_contents")
          : e;
    }
  }

  private static <Q> Q names(Marshaller<Q> known, Bytes bytes) throws InferenceException {
    if (bytes.length() > NAMES) {
      throw new InferenceException(
          Kind.TOO_LARGE, "the message is larger than the " + NAMES + " bytes that are taken");
    }
    return known.parse(new ByteArrayInputStream(bytes.array(), 0, bytes.length()));
  }

  /** Requests with tensors are read in a way of their own. */
  @SuppressWarnings("unchecked")
  private static <Q> Reading<Q> reading(Marshaller<Q> known) {
    return known instanceof PrototypeMarshaller<Q> typed
            && typed.getMessagePrototype() instanceof ModelInferRequest
        ? (Reading<Q>) (Reading<?>) (Reading<ModelInferRequest>) BoundedMessages::tensors
        : (bytes, _) -> names(known, bytes);
  }

  private final class Arrivals<Q> implements Marshaller<Arrival<Q>> {
    private final Reading<Q> reading;

    Arrivals(Marshaller<Q> known) {
      this.reading = reading(known);
    }

    /** No request is ever sent from here. */
    @Override
    public InputStream stream(Arrival<Q> arrival) {
      throw new UnsupportedOperationException("requests are only read");
    }

    @Override
    public Arrival<Q> parse(InputStream stream) {
      Intake intake = Intake.current();
      try {
        if (!(stream instanceof KnownLength)) {
          // Packed: how much it is, nobody knows. That it outlives this call is PackedMessage's
          // doing.
          return new Arrival.Large<>(() -> read(stream, intake));
        }
        if (stream instanceof Detachable taken && stream.available() > LARGE) {
          InputStream own = taken.detach();
          return new Arrival.Large<>(() -> readAside(own, intake));
        }
      } catch (IOException e) {
        return new Arrival.Refused<>(unreadable(e));
      }
      return read(stream, intake);
    }

    private Arrival<Q> readAside(InputStream own, Intake intake) {
      try (own) {
        return read(own, intake);
      } catch (IOException e) {
        return new Arrival.Refused<>(unreadable(e));
      }
    }

    private Arrival<Q> read(InputStream stream, Intake intake) {
      try {
        return new Arrival.Read<>(reading.message(bytes(stream, intake), intake));
      } catch (InferenceException e) {
        return new Arrival.Refused<>(e);
      } catch (IOException e) {
        return new Arrival.Refused<>(unreadable(e));
      } catch (StatusRuntimeException e) {
        Kind kind = e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED
            ? Kind.TOO_LARGE
            : Kind.BAD_INPUT;
        return new Arrival.Refused<>(new InferenceException(kind, e.getStatus().getDescription()));
      } catch (RuntimeException | Error e) {
        return new Arrival.Refused<>(
            InferenceException.of(e, "the gateway failed to read the message"));
      }
    }

    private static InferenceException unreadable(IOException e) {
      return InferenceException.badInput("the message cannot be read: " + e.getMessage());
    }

    private Bytes bytes(InputStream stream, Intake intake) throws IOException, InferenceException {
      if (stream instanceof KnownLength) {
        var bytes = new byte[stream.available()];
        return new Bytes(bytes, stream.readNBytes(bytes, 0, bytes.length));
      }
      try (RequestMemory.Share share = intake.passing()) {
        Bytes unpacked = Bytes.unpacked(stream, largest, share);
        intake.keep(share);
        return unpacked;
      }
    }
  }
}
