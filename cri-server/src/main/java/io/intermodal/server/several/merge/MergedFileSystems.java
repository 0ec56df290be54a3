package io.intermodal.server.several.merge;

import com.google.protobuf.InvalidProtocolBufferException;
import io.intermodal.cri.v1.FilesystemUsage;
import io.intermodal.cri.v1.ImageFsInfoResponse;
import io.intermodal.server.several.member.Member;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The file systems of all engines: the default engine's first, and each once. */
public final class MergedFileSystems {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final List<Member> members;

  /**
   * @param members the default one first
   */
  public MergedFileSystems(List<Member> members) {
    this.members = List.copyOf(members);
  }

  /**
   * The answer to ImageFsInfo.
   *
   * @throws io.grpc.StatusRuntimeException when no engine can tell
   */
  public byte[] answer(byte[] request) throws InvalidProtocolBufferException {
    Gathered answers = Gathered.from(members, "ImageFsInfo", request, PATIENCE).orFail();
    ImageFsInfoResponse.Builder merged = ImageFsInfoResponse.newBuilder();
    Set<String> images = new HashSet<>();
    Set<String> containers = new HashSet<>();
    for (Member member : members) {
      Optional<byte[]> answer = answers.of(member);
      if (answer.isPresent()) {
        ImageFsInfoResponse one = ImageFsInfoResponse.parseFrom(answer.get());
        one.getImageFilesystemsList().stream()
            .filter(usage -> images.add(mountpoint(usage)))
            .forEach(merged::addImageFilesystems);
        one.getContainerFilesystemsList().stream()
            .filter(usage -> containers.add(mountpoint(usage)))
            .forEach(merged::addContainerFilesystems);
      }
    }
    return merged.build().toByteArray();
  }

  private static String mountpoint(FilesystemUsage usage) {
    return usage.getFsId().getMountpoint();
  }
}
