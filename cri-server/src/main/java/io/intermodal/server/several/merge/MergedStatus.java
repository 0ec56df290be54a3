package io.intermodal.server.several.merge;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.intermodal.cri.v1.RuntimeCondition;
import io.intermodal.cri.v1.RuntimeFeatures;
import io.intermodal.cri.v1.RuntimeHandler;
import io.intermodal.cri.v1.StatusResponse;
import io.intermodal.server.several.member.Member;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Status of all engines as one. Whether the node is ready is the default engine's to say: pods that
 * name no engine are its. Every engine has conditions of its own beside, such as {@code
 * RuntimeReady/containerd}.
 */
public final class MergedStatus {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final String RUNTIME_READY = "RuntimeReady";
  private static final String NETWORK_READY = "NetworkReady";
  private static final String AWAY = "EngineIsAway";

  private final List<Member> members;
  private final BiFunction<Member, String, Set<String>> handlerNames;

  /**
   * @param members the default one first
   * @param handlerNames how a handler of an engine is called from outside
   */
  public MergedStatus(List<Member> members, BiFunction<Member, String, Set<String>> handlerNames) {
    this.members = List.copyOf(members);
    this.handlerNames = handlerNames;
  }

  /** The answer to Status. An engine that is away is a condition that does not hold. */
  public byte[] answer(byte[] request) throws InvalidProtocolBufferException {
    Gathered answers = Gathered.from(members, "Status", request, PATIENCE);
    StatusResponse.Builder merged = StatusResponse.newBuilder();
    boolean groupsPolicy = members.stream().anyMatch(member -> answers.of(member).isPresent());
    for (Member member : members) {
      boolean isDefault = member.equals(members.getFirst());
      Optional<byte[]> answer = answers.of(member);
      if (answer.isEmpty()) {
        addAway(merged, member, isDefault, answers.failureOf(member).orElse(Status.UNKNOWN));
        continue;
      }
      StatusResponse one = StatusResponse.parseFrom(answer.get());
      addConditions(merged, member, isDefault, one);
      addHandlers(merged, member, isDefault, one);
      for (Map.Entry<String, String> info : one.getInfoMap().entrySet()) {
        merged.putInfo(
            isDefault ? info.getKey() : member.name() + "/" + info.getKey(), info.getValue());
      }
      groupsPolicy &= one.getFeatures().getSupplementalGroupsPolicy();
    }
    // A feature of the node is one that no engine lacks.
    merged.setFeatures(RuntimeFeatures.newBuilder().setSupplementalGroupsPolicy(groupsPolicy));
    return merged.build().toByteArray();
  }

  private static void addConditions(
      StatusResponse.Builder merged, Member member, boolean isDefault, StatusResponse one) {
    for (RuntimeCondition condition : one.getStatus().getConditionsList()) {
      if (isDefault) {
        merged.getStatusBuilder().addConditions(condition);
      }
      merged
          .getStatusBuilder()
          .addConditions(condition.toBuilder().setType(condition.getType() + "/" + member.name()));
    }
  }

  private static void addAway(
      StatusResponse.Builder merged, Member member, boolean isDefault, Status failure) {
    String why = String.valueOf(failure.getDescription());
    if (isDefault) {
      addFalse(merged, RUNTIME_READY, why);
      addFalse(merged, NETWORK_READY, why);
    }
    addFalse(merged, RUNTIME_READY + "/" + member.name(), why);
  }

  private static void addFalse(StatusResponse.Builder merged, String type, String why) {
    merged
        .getStatusBuilder()
        .addConditions(
            RuntimeCondition.newBuilder()
                .setType(type)
                .setStatus(false)
                .setReason(AWAY)
                .setMessage(why));
  }

  private void addHandlers(
      StatusResponse.Builder merged, Member member, boolean isDefault, StatusResponse one) {
    List<RuntimeHandler> handlers = one.getRuntimeHandlersList();
    for (RuntimeHandler handler : handlers) {
      if (isDefault) {
        merged.addRuntimeHandlers(handler);
      }
      for (String name : handlerNames.apply(member, handler.getName())) {
        merged.addRuntimeHandlers(handler.toBuilder().setName(name));
      }
    }
    if (handlers.stream().noneMatch(handler -> handler.getName().isEmpty())) {
      // Engines before these lists existed have one handler nevertheless.
      for (String name : handlerNames.apply(member, "")) {
        merged.addRuntimeHandlers(RuntimeHandler.newBuilder().setName(name));
      }
    }
  }
}
