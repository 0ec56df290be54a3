package io.intermodal.server.forward;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The streams of events that an engine's callers have open: they never end by themselves, and a
 * server that stops must not wait for them. Closing this ends them with UNAVAILABLE, which means to
 * come again.
 */
public final class EventStreams implements CriCalls, AutoCloseable {
  private static final String EVENTS = "GetContainerEvents";
  private static final Status STOPPING =
      Status.UNAVAILABLE.withDescription(
          "this server is stopping: subscribe anew when it is back, then list");

  private final CriCalls engine;
  private final Set<ClientCall<byte[], byte[]>> open = new HashSet<>();
  private boolean closed;

  public EventStreams(CriCalls engine) {
    this.engine = engine;
  }

  @Override
  public ClientCall<byte[], byte[]> open(
      MethodDescriptor<byte[], byte[]> method, CallOptions options) {
    ClientCall<byte[], byte[]> call = engine.open(method, options);
    return EVENTS.equals(method.getBareMethodName()) ? new EventStream(call) : call;
  }

  private final class EventStream extends SimpleForwardingClientCall<byte[], byte[]> {
    EventStream(ClientCall<byte[], byte[]> call) {
      super(call);
    }

    @Override
    public void start(Listener<byte[]> caller, Metadata headers) {
      boolean late;
      synchronized (EventStreams.this) {
        open.add(this);
        late = closed;
      }
      super.start(
          new SimpleForwardingClientCallListener<>(caller) {
            @Override
            public void onClose(Status status, Metadata trailers) {
              boolean stopping;
              synchronized (EventStreams.this) {
                open.remove(EventStream.this);
                stopping = closed;
              }
              super.onClose(stopping ? STOPPING : status, trailers);
            }
          },
          headers);
      if (late) {
        cancel("stopping", null);
      }
    }
  }

  @Override
  public void close() {
    List<ClientCall<byte[], byte[]>> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(open);
    }
    all.forEach(call -> call.cancel("stopping", null));
  }
}
