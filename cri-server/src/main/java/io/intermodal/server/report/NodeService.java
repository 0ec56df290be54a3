package io.intermodal.server.report;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Empty;
import com.google.protobuf.StringValue;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.intermodal.runtime.CriException;
import io.intermodal.server.client.CriClient;
import io.intermodal.server.client.Deadline;
import io.intermodal.server.grpc.ErrorStatus;
import io.intermodal.server.grpc.ServedBy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The service of our own beside CRI's two:
 *
 * <pre>{@code
 * package intermodal.v1;
 * service Node {
 *   rpc Engines(google.protobuf.Empty) returns (google.protobuf.StringValue) {}
 *   rpc Pods(google.protobuf.Empty) returns (google.protobuf.StringValue) {}
 * }
 * }</pre>
 *
 * <p>The text is a {@link NodeReport}, written by {@link ReportJson}, or the ids of each engine's
 * pods, written by {@link PodsOfEngines}. It is answered on a virtual thread, whatever the server's
 * calls run on, some two seconds after the question at the latest.
 */
public final class NodeService {
  /** Asks for a report. */
  public static final MethodDescriptor<Empty, StringValue> ENGINES = method("Engines");

  /** Asks which pods are on which engine. */
  public static final MethodDescriptor<Empty, StringValue> PODS = method("Pods");

  private static MethodDescriptor<Empty, StringValue> method(String name) {
    return MethodDescriptor.newBuilder(
            ProtoUtils.marshaller(Empty.getDefaultInstance()),
            ProtoUtils.marshaller(StringValue.getDefaultInstance()))
        .setType(MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName("intermodal.v1.Node", name))
        .setSafe(true)
        .build();
  }

  /** What the log and the metrics call who serves it: no engine does. */
  private static final String SERVED_BY = "intermodal";

  private final NodeReport.Server server;
  private final List<ReportedEngine> engines;
  private final RecentCalls calls;

  private NodeService(NodeReport.Server server, List<ReportedEngine> engines, RecentCalls calls) {
    this.server = server;
    this.engines = List.copyOf(engines);
    this.calls = calls;
  }

  /**
   * The service, ready to be registered.
   *
   * @param engines the default one first
   * @param calls those of the engines' callers
   */
  public static ServerServiceDefinition of(
      NodeReport.Server server, List<ReportedEngine> engines, RecentCalls calls) {
    NodeService service = new NodeService(server, engines, calls);
    return ServerServiceDefinition.builder(String.valueOf(ENGINES.getServiceName()))
        .addMethod(
            ENGINES,
            ServerCalls.asyncUnaryCall((_, answer) -> begin(ENGINES, service::report, answer)))
        .addMethod(
            PODS, ServerCalls.asyncUnaryCall((_, answer) -> begin(PODS, service::pods, answer)))
        .build();
  }

  /**
   * Asks a server of ours how its engines are.
   *
   * @throws CriException the server's; UNIMPLEMENTED when it is not ours, UNKNOWN when this build
   *     cannot read what it says
   */
  public static NodeReport askEngines(CriClient server, Duration patience) {
    return ask(server, ENGINES, patience, ReportJson::read);
  }

  /** Asks it which pods are on which engine; throws likewise. */
  public static PodsOfEngines askPods(CriClient server, Duration patience) {
    return ask(server, PODS, patience, PodsOfEngines::read);
  }

  private static <A> A ask(
      CriClient server,
      MethodDescriptor<Empty, StringValue> method,
      Duration patience,
      Function<JsonObject, A> reading) {
    String written =
        server.other(Deadline.in(patience), method, Empty.getDefaultInstance()).getValue();
    try {
      return reading.apply(JsonParser.parseString(written).getAsJsonObject());
    } catch (RuntimeException e) {
      throw new CriException(
          CriException.Code.UNKNOWN,
          "the server's report cannot be read by this build (%s): use the build that serves"
              .formatted(e.getMessage()),
          e);
    }
  }

  private static void begin(
      MethodDescriptor<Empty, StringValue> method,
      Supplier<String> text,
      StreamObserver<StringValue> answer) {
    ServedBy.engine(SERVED_BY);
    Thread.ofVirtual().name("report").start(() -> answer(method, text, answer));
  }

  private static void answer(
      MethodDescriptor<Empty, StringValue> method,
      Supplier<String> text,
      StreamObserver<StringValue> answer) {
    StringValue report;
    try {
      report = StringValue.of(text.get());
    } catch (Throwable failure) {
      answer.onError(ErrorStatus.of(String.valueOf(method.getBareMethodName()), failure));
      return;
    }
    answer.onNext(report);
    answer.onCompleted();
  }

  private String pods() {
    return PodsOfEngines.ask(engines).toJson().toString();
  }

  private String report() {
    List<EngineInquiry> inquiries = engines.stream().map(EngineInquiry::begin).toList();
    return ReportJson.of(
            new NodeReport(
                Optional.of(server),
                inquiries.stream()
                    .map(inquiry -> inquiry.finish(calls.of(inquiry.engine())))
                    .toList()))
        .toString();
  }
}
