package io.intermodal.server.network.journal;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.intermodal.runtime.node.PodAddresses;
import io.intermodal.server.network.cni.CniResult;
import io.intermodal.server.network.cni.Json;
import io.intermodal.server.network.cni.MalformedJsonException;
import io.intermodal.server.network.cni.NetworkConfig;
import io.intermodal.server.network.cni.PodInterface;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A pod's connection, with everything that is needed to undo it without the network's file.
 *
 * <p>Written as libcni writes its cached results ({@code "kind":"cniCacheV1"}), plus {@code state}
 * and {@code netnsId}: other tools can read ours, and we can read those of other runtimes.
 *
 * @param pod what the plugins were told; its namespace is the path in {@code namespace}
 * @param result what ADD answered; of a pending attachment what is known of it
 */
public record Attachment(
    State state,
    NetworkConfig network,
    PodInterface pod,
    NetworkNamespace namespace,
    Optional<JsonObject> result) {
  private static final String KIND = "cniCacheV1";

  /** How far the connecting has come. */
  public enum State {
    /** Plugins may have run; the pod must not be used and is to be disconnected. */
    PENDING,
    /** Every plugin did its part. */
    ATTACHED
  }

  public String sandboxId() {
    return pod.containerId();
  }

  public Attachment attached(JsonObject complete) {
    return new Attachment(State.ATTACHED, network, pod, namespace, Optional.of(complete));
  }

  public Attachment interrupted(Optional<JsonObject> soFar) {
    return new Attachment(State.PENDING, network, pod, namespace, soFar);
  }

  /** The pod's addresses; empty while it is pending, and when the network gave none. */
  public Optional<PodAddresses> addresses() throws MalformedJsonException {
    if (state == State.PENDING || result.isEmpty()) {
      return Optional.empty();
    }
    List<String> all = CniResult.addresses(result.get(), pod.name());
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(new PodAddresses(all.getFirst(), List.copyOf(all.subList(1, all.size()))));
  }

  public byte[] toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("kind", KIND);
    json.addProperty("state", state == State.PENDING ? "pending" : "attached");
    json.addProperty("containerId", pod.containerId());
    json.addProperty("config", Base64.getEncoder().encodeToString(network.bytes()));
    json.addProperty("ifName", pod.name());
    json.addProperty("networkName", network.name());
    json.addProperty("netns", namespace.path());
    namespace.identity().ifPresent(identity -> json.addProperty("netnsId", identity));
    JsonArray arguments = new JsonArray();
    for (PodInterface.Argument argument : pod.arguments()) {
      JsonArray pair = new JsonArray();
      pair.add(argument.key());
      pair.add(argument.value());
      arguments.add(pair);
    }
    json.add("cniArgs", arguments);
    json.add("capabilityArgs", pod.capabilityArguments());
    result.ifPresent(known -> json.add("result", known));
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Reads {@link #toJson}, or a file of libcni's cache, which is of a connected pod. */
  public static Attachment parse(byte[] text) throws MalformedJsonException {
    JsonObject json = Json.object(text);
    String kind = Json.string(json, "kind").orElse("");
    if (!kind.equals(KIND)) {
      throw new MalformedJsonException("is not of the kind " + KIND + " but \"" + kind + "\"");
    }
    NetworkConfig network;
    try {
      network = NetworkConfig.parse(Base64.getDecoder().decode(required(json, "config")));
    } catch (IllegalArgumentException e) {
      throw new MalformedJsonException("field \"config\" is not base64", e);
    }
    String netns = Json.string(json, "netns").orElse("");
    PodInterface pod =
        new PodInterface(
            required(json, "containerId"),
            netns,
            required(json, "ifName"),
            arguments(json),
            Json.child(json, "capabilityArgs"));
    return new Attachment(
        Json.string(json, "state").orElse("attached").equals("pending")
            ? State.PENDING
            : State.ATTACHED,
        network,
        pod,
        new NetworkNamespace(netns, Json.string(json, "netnsId")),
        json.has("result") ? Optional.of(Json.child(json, "result")) : Optional.empty());
  }

  private static List<PodInterface.Argument> arguments(JsonObject json)
      throws MalformedJsonException {
    List<PodInterface.Argument> arguments = new ArrayList<>();
    for (JsonElement pair : Json.list(json, "cniArgs")) {
      if (!pair.isJsonArray() || pair.getAsJsonArray().size() != 2) {
        throw new MalformedJsonException("field \"cniArgs\" is not a list of pairs");
      }
      JsonArray both = pair.getAsJsonArray();
      arguments.add(
          new PodInterface.Argument(both.get(0).getAsString(), both.get(1).getAsString()));
    }
    return arguments;
  }

  private static String required(JsonObject json, String field) throws MalformedJsonException {
    return Json.string(json, field)
        .orElseThrow(() -> new MalformedJsonException("has no \"" + field + "\""));
  }
}
