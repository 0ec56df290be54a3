package io.intermodal.server.serve;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.HandlerRegistry;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.RuntimeServiceGrpc;
import io.intermodal.cri.v1.StatusRequest;
import io.intermodal.cri.v1.StatusResponse;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.server.dispatch.CriServices;
import io.intermodal.server.dispatch.OpenStreams;
import io.intermodal.server.dispatch.ServedEngine;
import io.intermodal.server.forward.CriCalls;
import io.intermodal.server.forward.ForwardedEngine;
import io.intermodal.server.forward.ForwardedMethods;
import io.intermodal.server.forward.UnaryAnswer;
import io.intermodal.server.grpc.CriServer.CallThread;
import io.intermodal.server.grpc.ErrorStatus;
import io.intermodal.server.grpc.UnknownMethods;
import io.intermodal.server.handler.HandlerNames;
import io.intermodal.server.handler.OneEngineHandlers;
import io.intermodal.server.monitoring.Measurements;
import io.intermodal.server.report.ReportedEngine;
import io.intermodal.server.wire.Frames;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * What callers meet: the engines that are served, as the socket needs them.
 *
 * @param services typed ones
 * @param others answers everything else
 * @param thread what both run on
 * @param status CRI's Status as callers are told it
 * @param measured the engines, for the metrics
 * @param reported the same, for who asks how they are
 */
record Front(
    List<ServerServiceDefinition> services,
    HandlerRegistry others,
    CallThread thread,
    Supplier<StatusResponse> status,
    List<Measurements.Engine> measured,
    List<ReportedEngine> reported) {
  private static final Duration STATUS_PATIENCE = Duration.ofSeconds(2);

  /** One engine that is translated. */
  static Front translated(ServedEngine engine, OpenStreams streams, ReportedEngine reported) {
    return new Front(
        CriServices.of(engine, streams),
        new UnknownMethods(),
        CallThread.VIRTUAL,
        () -> engine.operations().status(StatusRequest.getDefaultInstance(), Call.UNBOUNDED),
        List.of(Measurements.Engine.counting(engine.name(), engine.operations()::figures)),
        List.of(reported));
  }

  /** One engine that speaks CRI. */
  static Front forwarded(
      String name, ForwardedEngine engine, HandlerNames handlers, ReportedEngine reported) {
    return new Front(
        List.of(),
        new ForwardedMethods(new OneEngineHandlers(engine, handlers)),
        CallThread.EVENT_LOOP,
        () -> status(() -> answer(engine)),
        List.of(new Measurements.Engine(name, engine::connected, Optional::empty)),
        List.of(reported));
  }

  private static byte[] answer(CriCalls engine) {
    return UnaryAnswer.of(
            engine,
            Frames.method(RuntimeServiceGrpc.getStatusMethod().getFullMethodName()),
            StatusRequest.getDefaultInstance().toByteArray(),
            STATUS_PATIENCE)
        .join();
  }

  /** An answer to Status of one who may fail as gRPC does. */
  interface StatusAnswer {
    byte[] get() throws InvalidProtocolBufferException;
  }

  /**
   * That answer as a message.
   *
   * @throws CriException with the code of the failure
   */
  static StatusResponse status(StatusAnswer answer) {
    try {
      return StatusResponse.parseFrom(answer.get());
    } catch (InvalidProtocolBufferException e) {
      throw new CriException(
          CriException.Code.UNKNOWN, "Status cannot be read: " + e.getMessage(), e);
    } catch (CompletionException | StatusRuntimeException e) {
      var status = io.grpc.Status.fromThrowable(e);
      throw new CriException(ErrorStatus.code(status), String.valueOf(status.getDescription()), e);
    }
  }
}
