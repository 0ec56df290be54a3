package io.intermodal.runtime;

import io.intermodal.cri.v1.CgroupDriver;
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

  /**
   * An engine that speaks CRI itself: where it does, and what is odd about it. Nothing here is
   * asked while the engine serves a request well.
   */
  non-sealed interface Forwarding extends EngineConnection {
    /**
     * The engine's CRI endpoint: {@code unix:///run/containerd/containerd.sock}. Nobody need listen
     * there yet.
     */
    String endpoint();

    /**
     * The cgroup driver that the engine is configured for, for engines that have no RuntimeConfig.
     * May read files and ask the engine, a second at most; empty when it cannot be found out.
     */
    Optional<CgroupDriver> cgroupDriver();

    /**
     * Whether an engine that refused to stop or to remove something meant that it is gone, which
     * CRI counts as success.
     *
     * @param code the code of the refusal; those of gRPC that we do not use are UNKNOWN
     * @param said the engine's words
     */
    boolean meansGone(CriException.Code code, String said);

    /** Whether the engine knows an image by its id only without {@code sha256:} before it. */
    boolean bareImageIds();

    /**
     * Whether the engine gives an event to one of its readers only, so that a second reader takes
     * away what the first one needs.
     */
    boolean eventsGoToOneReader();

    /**
     * Why the engine, which answers on its socket, serves no CRI, and the cure: the line of the
     * file that switches it off. May read files, a second at most.
     */
    String whyWithoutCri();
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
