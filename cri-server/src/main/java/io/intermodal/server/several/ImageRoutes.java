package io.intermodal.server.several;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.ListPodSandboxResponse;
import io.intermodal.cri.v1.PodSandboxConfig;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.server.several.Route.After;
import io.intermodal.server.several.RuntimeHandlers.Target;
import io.intermodal.server.several.member.ContentKind;
import io.intermodal.server.several.member.KnownFilter;
import io.intermodal.server.several.member.Member;
import io.intermodal.server.wire.Fields;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which engine an image is on, or goes to: the one that its {@code runtime_handler} names, else the
 * one of the pod that it is pulled for, else the one that has it, else the default engine.
 */
final class ImageRoutes {
  private static final Logger log = LoggerFactory.getLogger(ImageRoutes.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final byte[] NOTHING = new byte[0];

  /** In all three requests, and in a filter. */
  private static final int IMAGE = 1;

  /** Of ListImagesRequest. */
  private static final int FILTER = 1;

  /** Of ImageSpec. */
  private static final int RUNTIME_HANDLER = 19;

  /** Of PullImageRequest. */
  private static final int SANDBOX_CONFIG = 3;

  /** Of ImageStatusResponse: missing when the engine does not have it. */
  private static final int FOUND = 1;

  private final List<Member> members;
  private final RuntimeHandlers handlers;

  /**
   * @param members the default one first
   */
  ImageRoutes(List<Member> members, RuntimeHandlers handlers) {
    this.members = List.copyOf(members);
    this.handlers = handlers;
  }

  /** The engine that the request itself names, by a handler or by the pod of a pull. */
  Optional<Route> named(String rpc, byte[] request) throws InvalidProtocolBufferException {
    After after = rpc.equals("ImageStatus") ? After.NOTHING : After.CHANGED;
    byte[] image = Fields.bytes(request, IMAGE).orElse(NOTHING);
    Optional<String> handler = Fields.text(image, RUNTIME_HANDLER).filter(name -> !name.isEmpty());
    if (handler.isPresent()) {
      Target target = handlers.target(handler.get());
      byte[] inside =
          Fields.with(request, IMAGE, Fields.withText(image, RUNTIME_HANDLER, target.handler()));
      return Optional.of(new Route.ToMember(target.member(), inside, after));
    }
    if (!rpc.equals("PullImage")) {
      return Optional.empty();
    }
    Optional<byte[]> pod = Fields.bytes(request, SANDBOX_CONFIG);
    Optional<Member> member = pod.isPresent() ? ofPod(pod.get()) : Optional.of(byDefault());
    return member.map(known -> new Route.ToMember(known, request, after));
  }

  /** The engine of a pod that is too new to have been listed, for which an image is pulled. */
  Route ofNewPod(byte[] request) throws InvalidProtocolBufferException {
    long now = System.nanoTime();
    Map<Member, CompletableFuture<byte[]>> asked = new LinkedHashMap<>();
    for (Member member : members) {
      if (member.up()) {
        asked.put(member, member.ask(ContentKind.SANDBOXES.rpc(), NOTHING, PATIENCE));
      }
    }
    for (Map.Entry<Member, CompletableFuture<byte[]>> list : asked.entrySet()) {
      try {
        list.getKey().content().listed(ContentKind.SANDBOXES, list.getValue().join(), now);
      } catch (CompletionException e) {
        log.debug("the pods of {} are known no better than before", list.getKey().name(), e);
      }
    }
    Optional<Member> member = ofPod(Fields.bytes(request, SANDBOX_CONFIG).orElse(NOTHING));
    return new Route.ToMember(member.orElse(byDefault()), request, After.CHANGED);
  }

  private Member byDefault() {
    return handlers.defaultMember();
  }

  /** The engine of the pod that the image is pulled for, when it is known. */
  private Optional<Member> ofPod(byte[] config) throws InvalidProtocolBufferException {
    PodSandboxMetadata pod = PodSandboxConfig.parseFrom(config).getMetadata();
    for (Member member : members) {
      boolean has =
          ListPodSandboxResponse.parseFrom(member.content().list(ContentKind.SANDBOXES))
              .getItemsList()
              .stream()
              .anyMatch(sandbox -> isSame(sandbox.getMetadata(), pod));
      if (has) {
        return Optional.of(member);
      }
    }
    return Optional.empty();
  }

  private static boolean isSame(PodSandboxMetadata one, PodSandboxMetadata other) {
    return one.getUid().equals(other.getUid())
        && one.getName().equals(other.getName())
        && one.getNamespace().equals(other.getNamespace());
  }

  /** ImageStatus of the first engine that has it; of the default engine when none does. */
  byte[] status(byte[] request) throws InvalidProtocolBufferException {
    Map<Member, byte[]> answers = new LinkedHashMap<>();
    Optional<StatusRuntimeException> failure = ask(request, answers);
    for (byte[] answer : answers.values()) {
      if (Fields.bytes(answer, FOUND).isPresent()) {
        return answer;
      }
    }
    byte[] missing = answers.get(byDefault());
    if (missing != null && failure.isEmpty()) {
      return missing;
    }
    throw failure.orElseGet(() -> away(handlers.defaultMember()));
  }

  /** Removes it from each engine that has it; where none does there is nothing to do. */
  byte[] remove(byte[] request) throws InvalidProtocolBufferException {
    Map<Member, byte[]> answers = new LinkedHashMap<>();
    // Both requests are an image and no more.
    byte[] statusRequest =
        Fields.with(NOTHING, IMAGE, Fields.bytes(request, IMAGE).orElse(NOTHING));
    Optional<StatusRuntimeException> failure = ask(statusRequest, answers);
    for (Map.Entry<Member, byte[]> answer : answers.entrySet()) {
      if (Fields.bytes(answer.getValue(), FOUND).isPresent()) {
        try {
          var _ = answer.getKey().ask("RemoveImage", request, Duration.ofMinutes(2)).join();
          answer.getKey().changed();
        } catch (CompletionException e) {
          failure = Optional.of(Status.fromThrowable(e).asRuntimeException());
        }
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
    return NOTHING;
  }

  /**
   * Asks every engine that answers. One that does not counts as one without the image, unless it is
   * known to have it: the others go on without it.
   *
   * @return the first failure, if there is one
   */
  private Optional<StatusRuntimeException> ask(byte[] request, Map<Member, byte[]> answers)
      throws InvalidProtocolBufferException {
    Map<Member, CompletableFuture<byte[]>> asked = new LinkedHashMap<>();
    Optional<StatusRuntimeException> failure = Optional.empty();
    for (Member member : members) {
      if (member.up()) {
        asked.put(member, member.ask("ImageStatus", request, PATIENCE));
      } else if (isKnownToHave(member, request)) {
        failure = failure.or(() -> Optional.of(away(member)));
      }
    }
    for (Map.Entry<Member, CompletableFuture<byte[]>> one : asked.entrySet()) {
      try {
        answers.put(one.getKey(), one.getValue().join());
      } catch (CompletionException e) {
        Status status = Status.fromThrowable(e);
        if (!Member.isAway(status) || isKnownToHave(one.getKey(), request)) {
          failure = failure.or(() -> Optional.of(status.asRuntimeException()));
        }
      }
    }
    return failure;
  }

  private static boolean isKnownToHave(Member member, byte[] request)
      throws InvalidProtocolBufferException {
    byte[] image = Fields.bytes(request, IMAGE).orElse(NOTHING);
    // A filter is an image and no more, and so is the request.
    byte[] list = Fields.with(NOTHING, FILTER, Fields.with(NOTHING, IMAGE, image));
    return KnownFilter.answer(member.content(), ContentKind.IMAGES, list).length > 0;
  }

  private static StatusRuntimeException away(Member member) {
    return Status.UNAVAILABLE
        .withDescription(member.trouble().orElse(member.name() + " does not answer"))
        .asRuntimeException();
  }
}
