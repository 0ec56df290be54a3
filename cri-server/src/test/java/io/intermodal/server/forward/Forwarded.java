package io.intermodal.server.forward;

import io.intermodal.server.cri.CriOnSocket;
import io.intermodal.server.cri.ScriptedFacts;
import io.intermodal.server.cri.Served;
import io.intermodal.server.transport.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** The whole way: a caller, our server, and an engine that is called "scripted". */
public final class Forwarded implements AutoCloseable {
  private final Transport transport = Transport.best();
  private final List<String> repaired = new CopyOnWriteArrayList<>();
  private final ForwardedEngine connected;
  private final Served served;

  private Forwarded(Path folder, ScriptedFacts facts, ForwardedEngine.Mode mode)
      throws IOException {
    connected =
        ForwardedEngine.connect(
            "scripted", facts, transport, mode, UnaryOperator.identity(), repaired::add);
    served = Served.at(folder.resolve("ours.sock"), new ForwardedMethods(connected), transport);
  }

  public static Forwarded to(CriOnSocket engine) throws IOException {
    return to(engine, ForwardedEngine.Mode.REPAIRED);
  }

  public static Forwarded to(CriOnSocket engine, ForwardedEngine.Mode mode) throws IOException {
    return to(engine, ScriptedFacts.of(engine), mode);
  }

  public static Forwarded to(CriOnSocket engine, ScriptedFacts facts, ForwardedEngine.Mode mode)
      throws IOException {
    return new Forwarded(besides(engine.socket()), facts, mode);
  }

  private static Path besides(Path socket) throws IOException {
    Path folder = socket.resolveSibling("ours-" + System.nanoTime());
    return Files.createDirectory(folder);
  }

  public Served served() {
    return served;
  }

  /** The RPCs that were repaired, in order. */
  public List<String> repaired() {
    return repaired;
  }

  void endStreams() {
    connected.endStreams();
  }

  boolean connected() {
    return connected.connected();
  }

  @Override
  public void close() {
    served.close();
    connected.close();
    transport.close();
  }
}
