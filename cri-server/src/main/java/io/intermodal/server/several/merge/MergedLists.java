package io.intermodal.server.several.merge;

import com.google.protobuf.InvalidProtocolBufferException;
import io.intermodal.runtime.CriException;
import io.intermodal.server.several.member.ContentKind;
import io.intermodal.server.several.member.KnownFilter;
import io.intermodal.server.several.member.Member;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Lists of all engines as one. A serialised list after another is the list of both, as protobuf has
 * it, so nothing is decoded.
 */
public final class MergedLists {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration PATIENCE_FOR_FIGURES = Duration.ofSeconds(10);

  private final List<Member> members;

  /**
   * @param members the default one first
   */
  public MergedLists(List<Member> members) {
    this.members = List.copyOf(members);
  }

  /**
   * What a listing RPC answers for all engines. Of an engine that is away it is what was last known
   * of its sandboxes, containers and images, and no figures: those of the past would be wrong.
   *
   * @param rpc its bare name
   * @throws io.grpc.StatusRuntimeException when no engine can tell
   */
  public byte[] list(String rpc, byte[] request) throws InvalidProtocolBufferException {
    Optional<ContentKind> kind =
        Arrays.stream(ContentKind.values()).filter(k -> k.rpc().equals(rpc)).findFirst();
    long asked = System.nanoTime();
    Gathered answers =
        Gathered.from(members, rpc, request, kind.isPresent() ? PATIENCE : PATIENCE_FOR_FIGURES);
    if (kind.isEmpty()) {
      answers.orFail();
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Member member : members) {
      Optional<byte[]> answer = answers.of(member);
      if (kind.isPresent()) {
        all.writeBytes(
            answer.isPresent()
                ? noted(member, kind.get(), request, answer.get(), asked)
                : KnownFilter.answer(member.content(), kind.get(), request));
      } else {
        answer.ifPresent(all::writeBytes);
      }
    }
    return all.toByteArray();
  }

  private static byte[] noted(
      Member member, ContentKind kind, byte[] request, byte[] answer, long asked)
      throws InvalidProtocolBufferException {
    if (request.length == 0) {
      member.content().listed(kind, answer, asked);
    }
    return answer;
  }

  /**
   * The list, when it fits into a message.
   *
   * @param largest bytes of a message
   * @throws CriException RESOURCE_EXHAUSTED when it does not
   */
  public byte[] whole(String rpc, byte[] request, int largest)
      throws InvalidProtocolBufferException {
    byte[] list = list(rpc, request);
    if (list.length > largest) {
      throw new CriException(
          CriException.Code.RESOURCE_EXHAUSTED,
          "the answer to %s has %d bytes, a message at most %d: filter it, or use a Stream RPC"
              .formatted(rpc, list.length, largest));
    }
    return list;
  }
}
