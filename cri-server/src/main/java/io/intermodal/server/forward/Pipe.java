package io.intermodal.server.forward;

import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/**
 * A caller's call joined with a call to an engine: what one says the other hears, at the pace of
 * whoever is slower. The deadline and the caller's leaving reach the engine too.
 *
 * <p>A message is asked for when the other side has room for it, so that a call holds one message
 * at most each way, whatever the caller or the engine does.
 */
public final class Pipe {
  private final ServerCall<byte[], byte[]> caller;
  private final ClientCall<byte[], byte[]> engine;
  private final FromCaller fromCaller = new FromCaller();
  private final FromEngine fromEngine = new FromEngine();

  private final Context context = Context.current();

  private Pipe(ServerCall<byte[], byte[]> caller, ClientCall<byte[], byte[]> engine) {
    this.caller = caller;
    this.engine = engine;
  }

  /**
   * Joins the two and starts the engine's.
   *
   * @param headers the caller's metadata, passed on
   * @return what is to be told of the caller
   */
  static ServerCall.Listener<byte[]> join(
      ServerCall<byte[], byte[]> caller, Metadata headers, ClientCall<byte[], byte[]> engine) {
    Pipe pipe = new Pipe(caller, engine);
    // The deadline and the cancellation of the caller's context come along by themselves.
    engine.start(pipe.fromEngine, headers);
    engine.request(1);
    caller.request(1);
    return pipe.fromCaller;
  }

  /**
   * The same for a caller whose one request has been read already.
   *
   * @param request what the engine is sent
   */
  public static ServerCall.Listener<byte[]> join(
      ServerCall<byte[], byte[]> caller,
      Metadata headers,
      ClientCall<byte[], byte[]> engine,
      byte[] request) {
    Pipe pipe = new Pipe(caller, engine);
    engine.start(pipe.fromEngine, headers);
    engine.request(1);
    engine.sendMessage(request);
    engine.halfClose();
    return pipe.fromCaller;
  }

  private final class FromCaller extends ServerCall.Listener<byte[]> {
    private boolean waitsForRoom;

    @Override
    public void onMessage(byte[] message) {
      engine.sendMessage(message);
      synchronized (this) {
        waitsForRoom = !engine.isReady();
        if (waitsForRoom) {
          return;
        }
      }
      caller.request(1);
    }

    /** The engine has room again. */
    void goOn() {
      synchronized (this) {
        if (!waitsForRoom) {
          return;
        }
        waitsForRoom = false;
      }
      caller.request(1);
    }

    @Override
    public void onHalfClose() {
      engine.halfClose();
    }

    @Override
    public void onCancel() {
      engine.cancel("the caller went away", null);
    }

    @Override
    public void onReady() {
      fromEngine.goOn();
    }
  }

  private final class FromEngine extends ClientCall.Listener<byte[]> {
    private boolean waitsForRoom;

    @Override
    public void onHeaders(Metadata headers) {
      caller.sendHeaders(headers);
    }

    @Override
    public void onMessage(byte[] message) {
      caller.sendMessage(message);
      synchronized (this) {
        waitsForRoom = !caller.isReady();
        if (waitsForRoom) {
          return;
        }
      }
      engine.request(1);
    }

    /** The caller has room again. */
    void goOn() {
      synchronized (this) {
        if (!waitsForRoom) {
          return;
        }
        waitsForRoom = false;
      }
      engine.request(1);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      // A call that gRPC has ended by itself, as one with a message over the limit, is answered: a
      // second answer would be an error of the caller's whole connection.
      if (!caller.isCancelled() && !context.isCancelled()) {
        caller.close(status, trailers);
      }
    }

    @Override
    public void onReady() {
      fromCaller.goOn();
    }
  }
}
