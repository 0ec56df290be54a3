package io.intermodal.server.several;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.intermodal.runtime.CriException;
import io.intermodal.server.several.member.ContentKind;
import io.intermodal.server.several.member.Member;
import io.intermodal.server.wire.Fields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * Whose a sandbox or a container is. Ids are the engines' own, so they say nothing by themselves.
 */
final class Owners {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final byte[] NOTHING = new byte[0];

  private final List<Member> members;

  /**
   * @param members the default one first
   */
  Owners(List<Member> members) {
    this.members = List.copyOf(members);
  }

  /**
   * The engine that is known to have it, asking nobody. The beginning of an id will do when it is
   * of one engine only.
   *
   * @throws CriException INVALID_ARGUMENT when ids of several engines begin so
   */
  Optional<Member> known(ContentKind kind, String id) {
    Optional<Member> owner = knownWhole(kind, id);
    if (owner.isPresent()) {
      return owner;
    }
    List<Member> some =
        members.stream().filter(member -> member.content().hasBeginning(kind, id)).toList();
    if (some.size() > 1) {
      throw CriException.invalid(
          "%s is the beginning of several ids, on %s: give more of it".formatted(id, names(some)));
    }
    return some.stream().findFirst();
  }

  /** The same for a whole id. */
  Optional<Member> knownWhole(ContentKind kind, String id) {
    return members.stream().filter(member -> member.content().has(kind, id)).findFirst();
  }

  /**
   * The engine that has it, asking all of them at once. The first one that has it is enough; one
   * that is known to be away is not waited for.
   *
   * @return the default engine when all of them say that they do not have it: it says so its way
   * @throws CriException UNAVAILABLE when one that does not answer may have it
   */
  Member asked(ContentKind kind, String id) {
    CompletableFuture<Optional<Member>> found = new CompletableFuture<>();
    Queue<Member> silent = new ConcurrentLinkedQueue<>();
    List<CompletableFuture<byte[]>> answers = new ArrayList<>();
    for (Member member : members) {
      if (!member.up()) {
        silent.add(member);
        continue;
      }
      answers.add(
          member
              .ask(status(kind), request(id), PATIENCE)
              .whenComplete((_, failure) -> {
                if (failure == null) {
                  found.complete(Optional.of(member));
                } else if (Member.isAway(Status.fromThrowable(failure))) {
                  silent.add(member);
                }
              }));
    }
    var _ =
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
            .whenComplete((_, _) -> found.complete(Optional.empty()));
    Optional<Member> owner = found.join();
    if (owner.isPresent()) {
      owner.get().content().owns(kind, id);
      return owner.get();
    }
    if (!silent.isEmpty()) {
      throw new CriException(
          CriException.Code.UNAVAILABLE,
          "%s is not on any engine that answers; %s does not answer, and may have it: try again when it is back"
              .formatted(id, names(silent)));
    }
    return members.getFirst();
  }

  private static String names(Collection<Member> some) {
    return some.stream().map(Member::name).collect(Collectors.joining(" and "));
  }

  private static String status(ContentKind kind) {
    return switch (kind) {
      case SANDBOXES -> "PodSandboxStatus";
      case CONTAINERS -> "ContainerStatus";
      case IMAGES -> "ImageStatus";
    };
  }

  /** Both requests begin with the id. */
  private static byte[] request(String id) {
    try {
      return Fields.withText(NOTHING, 1, id);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("an empty message is one", e);
    }
  }
}
