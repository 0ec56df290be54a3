package io.intermodal.server.forward;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.intermodal.runtime.EngineConnection.Forwarding;
import io.intermodal.server.forward.repair.Repairs;
import io.intermodal.server.transport.Transport;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** An engine that speaks CRI, with all that stands between a caller and its socket. */
public final class ForwardedEngine implements CriCalls, AutoCloseable {
  private final EngineSocket socket;
  private final EventStreams calls;

  private ForwardedEngine(EngineSocket socket, EventStreams calls) {
    this.socket = socket;
    this.calls = calls;
  }

  /** How much is done for an engine's callers. */
  public enum Mode {
    /** What it lacks is given, where it can be. */
    REPAIRED,
    /** What it says is what callers hear. */
    STRICT
  }

  /**
   * Connects with the first call.
   *
   * @param name "containerd"
   * @param around what each call to the socket passes last
   * @param repaired is told the bare name of an RPC each time that one is repaired
   */
  public static ForwardedEngine connect(
      String name,
      Forwarding facts,
      Transport transport,
      Mode mode,
      UnaryOperator<CriCalls> around,
      Consumer<String> repaired) {
    EngineSocket socket = EngineSocket.at(facts.endpoint(), transport);
    CriCalls bridged =
        new BridgedVersions(new NamedEngine(around.apply(socket), name, facts.endpoint()));
    CriCalls complete = mode == Mode.STRICT ? bridged : new Repairs(bridged, facts, repaired);
    return new ForwardedEngine(socket, new EventStreams(new WithoutCri(complete, facts)));
  }

  @Override
  public ClientCall<byte[], byte[]> open(
      MethodDescriptor<byte[], byte[]> method, CallOptions options) {
    return calls.open(method, options);
  }

  /** Whether a connection stands. */
  public boolean connected() {
    return socket.connected();
  }

  /** Ends what never ends by itself, so that a server which stops need not wait for it. */
  public void endStreams() {
    calls.close();
  }

  @Override
  public void close() {
    socket.close();
  }
}
