package io.intermodal.runtime;

import io.intermodal.runtime.operations.ContainerOperations;
import io.intermodal.runtime.operations.EventOperations;
import io.intermodal.runtime.operations.ImageOperations;
import io.intermodal.runtime.operations.NodeOperations;
import io.intermodal.runtime.operations.SandboxOperations;
import io.intermodal.runtime.operations.StatisticsOperations;
import io.intermodal.runtime.operations.StreamingOperations;
import java.util.Optional;

/**
 * A connected engine. Closing it ends our side only: pods keep running.
 *
 * <p>The two kinds differ in what crosses them: a {@link Forwarding} engine is given bytes, a
 * {@link Translating} engine is given CRI's messages.
 */
public sealed interface EngineConnection extends AutoCloseable {
  /** Releases threads and sockets. Never touches a pod. */
  @Override
  void close();

  /** An engine that speaks CRI itself. */
  non-sealed interface Forwarding extends EngineConnection {
    /** The engine's CRI endpoint: {@code unix:///run/containerd/containerd.sock}. */
    String endpoint();
  }

  /**
   * An engine whose own API is translated. The operations are CRI's, with CRI's messages; what each
   * must do is said by the contract in {@code proto/}.
   */
  non-sealed interface Translating
      extends EngineConnection,
          NodeOperations,
          SandboxOperations,
          ContainerOperations,
          StreamingOperations,
          StatisticsOperations,
          EventOperations,
          ImageOperations {
    /** What is counted of the engine and of the way to it; empty when nothing is. */
    default Optional<EngineFigures> figures() {
      return Optional.empty();
    }
  }
}
