package io.intermodal.server.status;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Empty;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.intermodal.runtime.CriException;
import io.intermodal.server.client.CriClient;
import io.intermodal.server.client.Deadline;
import io.intermodal.server.forward.BridgedVersions;
import io.intermodal.server.report.EngineInquiry;
import io.intermodal.server.report.NodeReport;
import io.intermodal.server.report.NodeService;
import io.intermodal.server.report.ReportJson;
import io.intermodal.server.report.ReportedEngine;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Says how the server on a socket is, and its engines. */
public final class NodeStatus {
  /** The server gives each engine two seconds, all at once. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Gson JSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private final Path socket;
  private final Form form;
  private final PrintStream out;

  /** How it is told. */
  public enum Form {
    /** Tables. */
    TEXT,
    /** One JSON object, as the server gave it. */
    JSON
  }

  public NodeStatus(Path socket, Form form, PrintStream out) {
    this.socket = socket;
    this.form = form;
    this.out = out;
  }

  /**
   * Says it once.
   *
   * @return whether every engine answers and is ready
   * @throws CriException when nobody answers
   */
  public boolean run() {
    try (CriClient cri = new CriClient(socket)) {
      JsonObject json = ask(cri);
      NodeReport report = read(json);
      if (form == Form.JSON) {
        out.println(JSON.toJson(json));
      } else {
        ReportText.lines(report, "unix://" + socket).forEach(out::println);
      }
      return report.ready();
    }
  }

  /** As it was written: what a newer server says more is shown too. */
  private JsonObject ask(CriClient cri) {
    String written;
    try {
      written =
          cri.other(Deadline.in(PATIENCE), NodeService.ENGINES, Empty.getDefaultInstance())
              .getValue();
    } catch (CriException e) {
      return switch (e.code()) {
        case UNIMPLEMENTED -> ReportJson.of(overCri(cri));
        case DEADLINE_EXCEEDED ->
            throw explained(e, "does not answer within %d s".formatted(PATIENCE.toSeconds()));
        default ->
            throw isOther(e)
                ? explained(e, "does not speak CRI, or is stopping (%s)".formatted(e.getMessage()))
                : e;
      };
    }
    try {
      return JsonParser.parseString(written).getAsJsonObject();
    } catch (RuntimeException e) {
      throw unreadable(e);
    }
  }

  private CriException explained(CriException e, String what) {
    return new CriException(e.code(), "what listens on unix://%s %s".formatted(socket, what), e);
  }

  /** Somebody took the connection and then broke it, or said what is no gRPC. */
  private static boolean isOther(CriException e) {
    if (!(e.getCause() instanceof StatusRuntimeException failure)) {
      return false;
    }
    Status status = failure.getStatus();
    return switch (status.getCode()) {
      case UNAVAILABLE -> status.getCause() == null;
      case INTERNAL -> "http2 exception".equals(status.getDescription());
      default -> false;
    };
  }

  private NodeReport read(JsonObject json) {
    try {
      return ReportJson.read(json);
    } catch (RuntimeException e) {
      throw unreadable(e);
    }
  }

  private CriException unreadable(RuntimeException e) {
    return new CriException(
        CriException.Code.UNKNOWN,
        "the answer on unix://%s is no report that this build can read (%s): use the build that serves"
            .formatted(socket, e.getMessage()),
        e);
  }

  /** Of a server that is not ours, or older than this question. */
  private NodeReport overCri(CriClient cri) {
    ReportedEngine engine =
        ReportedEngine.only(
            "", Optional.empty(), new BridgedVersions(cri), () -> Optional.of("unix://" + socket));
    return new NodeReport(
        Optional.empty(), List.of(EngineInquiry.begin(engine).finish(Optional.empty())));
  }
}
