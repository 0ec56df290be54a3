package io.intermodal.server.several.merge;

import com.google.protobuf.InvalidProtocolBufferException;
import io.intermodal.cri.v1.ListMetricDescriptorsResponse;
import io.intermodal.server.several.member.Member;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The metrics of all engines: a name that several have is described once. */
public final class MergedDescriptors {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final List<Member> members;

  /**
   * @param members the default one first
   */
  public MergedDescriptors(List<Member> members) {
    this.members = List.copyOf(members);
  }

  /**
   * The answer to ListMetricDescriptors.
   *
   * @throws io.grpc.StatusRuntimeException when no engine can tell
   */
  public byte[] answer(byte[] request) throws InvalidProtocolBufferException {
    Gathered answers = Gathered.from(members, "ListMetricDescriptors", request, PATIENCE).orFail();
    ListMetricDescriptorsResponse.Builder merged = ListMetricDescriptorsResponse.newBuilder();
    Set<String> names = new HashSet<>();
    for (Member member : members) {
      Optional<byte[]> answer = answers.of(member);
      if (answer.isPresent()) {
        ListMetricDescriptorsResponse.parseFrom(answer.get()).getDescriptorsList().stream()
            .filter(descriptor -> names.add(descriptor.getName()))
            .forEach(merged::addDescriptors);
      }
    }
    return merged.build().toByteArray();
  }
}
