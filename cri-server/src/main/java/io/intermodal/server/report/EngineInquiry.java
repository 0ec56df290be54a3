package io.intermodal.server.report;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.intermodal.cri.v1.RuntimeCondition;
import io.intermodal.cri.v1.StatusResponse;
import io.intermodal.cri.v1.VersionResponse;
import io.intermodal.server.forward.UnaryAnswer;
import io.intermodal.server.report.EngineReport.Counts;
import io.intermodal.server.report.EngineReport.Health;
import io.intermodal.server.wire.Fields;
import io.intermodal.server.wire.Frames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/**
 * Asks an engine over CRI how it is and what is on it. All questions are asked at once and given up
 * after two seconds, so that an engine which hangs costs no more than its own answers.
 */
public final class EngineInquiry {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** The conditions without which a kubelet runs no pods; others are remarks. */
  private static final List<String> NEEDED = List.of("RuntimeReady", "NetworkReady");

  /** Of the answers of all three lists. */
  private static final int ITEMS = 1;

  private final ReportedEngine engine;
  private final CompletableFuture<byte[]> version;
  private final CompletableFuture<byte[]> status;
  private final CompletableFuture<byte[]> pods;
  private final CompletableFuture<byte[]> containers;
  private final CompletableFuture<byte[]> images;

  private EngineInquiry(ReportedEngine engine) {
    this.engine = engine;
    this.version = ask("Version");
    this.status = ask("Status");
    this.pods = ask("ListPodSandbox");
    this.containers = ask("ListContainers");
    this.images = ask("ListImages");
  }

  /** Asks, and does not wait. */
  public static EngineInquiry begin(ReportedEngine engine) {
    return new EngineInquiry(engine);
  }

  private CompletableFuture<byte[]> ask(String rpc) {
    return UnaryAnswer.of(engine.calls(), Frames.rpc(rpc), new byte[0], PATIENCE);
  }

  /**
   * What an engine answered.
   *
   * @param failure why there is no message; empty when there is one
   */
  private record Answer<A>(Optional<A> message, Optional<Status> failure) {}

  /** Reads a message. */
  private interface Reading<A> {
    A of(byte[] message) throws InvalidProtocolBufferException;
  }

  /** Whom this asks. */
  String engine() {
    return engine.name();
  }

  /**
   * Waits for the answers.
   *
   * @param calls what callers have met
   */
  public EngineReport finish(Optional<CallTimes> calls) {
    Answer<VersionResponse> who = await(version, VersionResponse::parseFrom);
    Answer<StatusResponse> how = await(status, StatusResponse::parseFrom);
    Optional<Status> failure = who.failure().or(how::failure);
    String unmet = how.message().map(EngineInquiry::unmet).orElse("");
    Health answered = unmet.isEmpty() ? Health.READY : Health.NOT_READY;
    return new EngineReport(
        engine.name().isEmpty()
            ? who.message().map(VersionResponse::getRuntimeName).orElse("")
            : engine.name(),
        engine.isDefault(),
        engine.kind(),
        who.message().map(VersionResponse::getRuntimeVersion).filter(text -> !text.isEmpty()),
        engine.socket().get(),
        failure.map(EngineInquiry::health).orElse(answered),
        failure
            .map(EngineInquiry::words)
            .or(() -> Optional.of(unmet))
            .filter(text -> !text.isEmpty()),
        runtimeHandlers(how.message()),
        counts(),
        calls);
  }

  private static <A> Answer<A> await(CompletableFuture<byte[]> answer, Reading<A> reading) {
    try {
      return new Answer<>(Optional.of(reading.of(answer.join())), Optional.empty());
    } catch (CompletionException e) {
      return new Answer<>(Optional.empty(), Optional.of(Status.fromThrowable(e)));
    } catch (InvalidProtocolBufferException e) {
      return new Answer<>(
          Optional.empty(),
          Optional.of(Status.UNKNOWN.withDescription("it answers with what is no message of CRI")));
    }
  }

  private static Health health(Status failure) {
    return switch (failure.getCode()) {
      case UNAVAILABLE, DEADLINE_EXCEEDED -> Health.AWAY;
      default -> Health.NOT_READY;
    };
  }

  private static String words(Status failure) {
    if (failure.getCode() == Status.Code.DEADLINE_EXCEEDED) {
      return "it does not answer within %d s".formatted(PATIENCE.toSeconds());
    }
    String said = failure.getDescription();
    return said == null ? failure.getCode().name() : said;
  }

  /** What keeps it from being ready; empty when nothing does. */
  private static String unmet(StatusResponse response) {
    List<RuntimeCondition> all = response.getStatus().getConditionsList();
    List<String> unmet = new ArrayList<>();
    for (String type : NEEDED) {
      Optional<RuntimeCondition> said =
          all.stream().filter(condition -> condition.getType().equals(type)).findFirst();
      if (said.isEmpty()) {
        unmet.add("it does not say whether it is " + type);
      } else if (!said.get().getStatus()) {
        unmet.add(
            "%s: %s".formatted(type, reason(said.get().getReason(), said.get().getMessage())));
      }
    }
    return String.join("; ", unmet);
  }

  private static String reason(String reason, String message) {
    if (reason.isEmpty() && message.isEmpty()) {
      return "no";
    }
    return message.isEmpty() ? reason : reason.isEmpty() ? message : reason + ": " + message;
  }

  private List<String> runtimeHandlers(Optional<StatusResponse> status) {
    // Engines before these lists existed have a default one nevertheless.
    Stream<String> own =
        status.stream()
            .flatMap(response -> response.getRuntimeHandlersList().stream())
            .map(handler -> handler.getName());
    Set<String> names = new TreeSet<>();
    Stream.concat(Stream.of(""), own).map(engine.handlerNames()).forEach(names::addAll);
    return List.copyOf(names);
  }

  private Counts counts() {
    Counts now = new Counts(items(pods), items(containers), items(images), false);
    Counts known = engine.known().get();
    Counts together =
        new Counts(
            or(now.pods(), known.pods()),
            or(now.containers(), known.containers()),
            or(now.images(), known.images()),
            false);
    return together.equals(now)
        ? now
        : new Counts(together.pods(), together.containers(), together.images(), true);
  }

  private static OptionalInt or(OptionalInt now, OptionalInt known) {
    return now.isPresent() ? now : known;
  }

  private static OptionalInt items(CompletableFuture<byte[]> list) {
    return await(list, message -> Fields.all(message, ITEMS).size()).message().stream()
        .mapToInt(Integer::intValue)
        .findFirst();
  }
}
