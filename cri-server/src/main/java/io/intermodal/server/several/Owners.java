package io.intermodal.server.several;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.intermodal.runtime.CriException;
import io.intermodal.server.several.member.ContentKind;
import io.intermodal.server.several.member.Member;
import io.intermodal.server.wire.Fields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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

  /** The engine that is known to have it, asking nobody. */
  Optional<Member> known(ContentKind kind, String id) {
    return members.stream().filter(member -> member.content().has(kind, id)).findFirst();
  }

  /**
   * The engine that has it, asking all of them at once.
   *
   * @return the default engine when all of them say that they do not have it: it says so its way
   * @throws CriException UNAVAILABLE when one that does not answer may have it
   */
  Member asked(ContentKind kind, String id) {
    Map<Member, CompletableFuture<byte[]>> answers = new LinkedHashMap<>();
    for (Member member : members) {
      answers.put(member, member.ask(status(kind), request(id), PATIENCE));
    }
    List<Member> silent = new ArrayList<>();
    for (Map.Entry<Member, CompletableFuture<byte[]>> answer : answers.entrySet()) {
      try {
        var _ = answer.getValue().join();
        answer.getKey().content().made(kind, id);
        return answer.getKey();
      } catch (CompletionException e) {
        if (Member.isAway(Status.fromThrowable(e))) {
          silent.add(answer.getKey());
        }
      }
    }
    if (!silent.isEmpty()) {
      throw new CriException(
          CriException.Code.UNAVAILABLE,
          "%s is not on any engine that answers; %s does not answer, and may have it: try again when it is back"
              .formatted(
                  id, silent.stream().map(Member::name).collect(Collectors.joining(" and "))));
    }
    return members.getFirst();
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
