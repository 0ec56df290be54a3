package io.intermodal.server.several.merge;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.intermodal.server.several.member.Member;
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
 * The answers of several engines to one request, asked at once. An engine that is away is not
 * asked: it must not make the others wait.
 */
final class Gathered {
  private static final Logger log = LoggerFactory.getLogger(Gathered.class);

  private final Map<Member, byte[]> answers = new LinkedHashMap<>();
  private final Map<Member, Status> failures = new LinkedHashMap<>();

  private Gathered() {}

  /**
   * Asks and waits.
   *
   * @param patience for each engine
   */
  static Gathered from(List<Member> members, String rpc, byte[] request, Duration patience) {
    Map<Member, CompletableFuture<byte[]>> asked = new LinkedHashMap<>();
    Gathered all = new Gathered();
    for (Member member : members) {
      Optional<String> trouble = member.trouble();
      if (trouble.isEmpty()) {
        asked.put(member, member.ask(rpc, request, patience));
      } else {
        all.failures.put(member, Status.UNAVAILABLE.withDescription(trouble.get()));
      }
    }
    asked.forEach((member, answer) -> {
      try {
        all.answers.put(member, answer.join());
      } catch (CompletionException e) {
        Status failure = Status.fromThrowable(e);
        all.failures.put(member, failure);
        if (!Member.isAway(failure) && failure.getCode() != Status.Code.UNIMPLEMENTED) {
          log.warn("{} of {} is missing: {}", rpc, member.name(), failure.getDescription());
        }
      }
    });
    return all;
  }

  /** What this engine said; empty when it failed. */
  Optional<byte[]> of(Member member) {
    return Optional.ofNullable(answers.get(member));
  }

  /** Why this engine said nothing. */
  Optional<Status> failureOf(Member member) {
    return Optional.ofNullable(failures.get(member));
  }

  /**
   * At least one answer.
   *
   * @throws StatusRuntimeException the first failure when there is none
   */
  Gathered orFail() {
    if (answers.isEmpty()) {
      throw failures.values().iterator().next().asRuntimeException();
    }
    return this;
  }
}
