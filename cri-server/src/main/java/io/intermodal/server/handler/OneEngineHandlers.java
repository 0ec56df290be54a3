package io.intermodal.server.handler;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.intermodal.runtime.CriException;
import io.intermodal.server.forward.CriCalls;
import io.intermodal.server.grpc.ErrorStatus;
import io.intermodal.server.wire.Fields;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets the one engine that is served be named by a runtime handler too, so that a RuntimeClass
 * which picks an engine is good on every node that has it. All other handlers pass as they are.
 */
public final class OneEngineHandlers implements CriCalls {
  /** The field of the runtime handler in the requests that make a sandbox. */
  public static final Map<String, Integer> FIELDS = Map.of("RunPodSandbox", 2, "RestorePod", 3);

  private final CriCalls engine;
  private final HandlerNames names;

  public OneEngineHandlers(CriCalls engine, HandlerNames names) {
    this.engine = engine;
    this.names = names;
  }

  @Override
  public ClientCall<byte[], byte[]> open(
      MethodDescriptor<byte[], byte[]> method, CallOptions options) {
    String rpc = String.valueOf(method.getBareMethodName());
    Integer field = FIELDS.get(rpc);
    ClientCall<byte[], byte[]> call = engine.open(method, options);
    return field == null ? call : new InEnginesWords(call, rpc, field);
  }

  private final class InEnginesWords extends SimpleForwardingClientCall<byte[], byte[]> {
    private final String rpc;
    private final int field;
    private @Nullable Status refusal;

    InEnginesWords(ClientCall<byte[], byte[]> call, String rpc, int field) {
      super(call);
      this.rpc = rpc;
      this.field = field;
    }

    @Override
    public void start(Listener<byte[]> caller, Metadata headers) {
      super.start(
          new SimpleForwardingClientCallListener<>(caller) {
            @Override
            public void onClose(Status status, Metadata trailers) {
              Status ours = refusal;
              super.onClose(ours == null ? status : ours, trailers);
            }
          },
          headers);
    }

    @Override
    public void sendMessage(byte[] request) {
      try {
        String handler = Fields.text(request, field).orElse("");
        String inside = names.meaning(handler).handler();
        super.sendMessage(
            inside.equals(handler) ? request : Fields.withText(request, field, inside));
      } catch (CriException e) {
        refusal = ErrorStatus.of(rpc, e).getStatus();
        cancel("refused here", e);
      } catch (InvalidProtocolBufferException e) {
        // No such request: the engine is the one to say so.
        super.sendMessage(request);
      }
    }
  }
}
