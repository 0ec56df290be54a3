package io.intermodal.server.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.ListPodSandboxResponse;
import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.runtime.CriException;
import io.intermodal.server.forward.UnaryAnswer;
import io.intermodal.server.grpc.ErrorStatus;
import io.intermodal.server.wire.Frames;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

/**
 * Which pods are on which engine.
 *
 * @param ids of the pods, by the engine's name
 */
public record PodsOfEngines(Map<String, List<String>> ids) {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  public PodsOfEngines {
    ids = Map.copyOf(ids);
  }

  /** The pods of one engine; none of one that is not served. */
  public List<String> of(String engine) {
    return ids.getOrDefault(engine, List.of());
  }

  /**
   * Asks all engines.
   *
   * @throws CriException when one of them does not tell: a list without its pods would say that it
   *     has none
   */
  static PodsOfEngines ask(List<ReportedEngine> engines) {
    Map<String, List<String>> ids = new LinkedHashMap<>();
    for (ReportedEngine engine : engines) {
      try {
        byte[] answer =
            UnaryAnswer.of(engine.calls(), Frames.rpc("ListPodSandbox"), new byte[0], PATIENCE)
                .join();
        ids.put(
            engine.name(),
            ListPodSandboxResponse.parseFrom(answer).getItemsList().stream()
                .map(PodSandbox::getId)
                .toList());
      } catch (CompletionException | StatusRuntimeException e) {
        var status = io.grpc.Status.fromThrowable(e);
        throw new CriException(
            ErrorStatus.code(status),
            "%s does not tell its pods: %s".formatted(engine.name(), status.getDescription()),
            e);
      } catch (InvalidProtocolBufferException e) {
        throw new CriException(
            CriException.Code.UNKNOWN, engine.name() + " answers with what is no list of pods", e);
      }
    }
    return new PodsOfEngines(ids);
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    ids.forEach((engine, pods) -> {
      JsonArray array = new JsonArray(pods.size());
      pods.forEach(array::add);
      json.add(engine, array);
    });
    return json;
  }

  /** What was written by a server. */
  public static PodsOfEngines read(JsonObject json) {
    Map<String, List<String>> ids = new LinkedHashMap<>();
    json.entrySet()
        .forEach(engine ->
            ids.put(
                engine.getKey(),
                engine.getValue().getAsJsonArray().asList().stream()
                    .map(JsonElement::getAsString)
                    .toList()));
    return new PodsOfEngines(ids);
  }
}
