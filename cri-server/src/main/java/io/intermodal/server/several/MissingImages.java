package io.intermodal.server.several;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.CreateContainerRequest;
import io.intermodal.cri.v1.Image;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.ImageStatusRequest;
import io.intermodal.cri.v1.ImageStatusResponse;
import io.intermodal.cri.v1.PullImageRequest;
import io.intermodal.cri.v1.PullImageResponse;
import io.intermodal.runtime.CriException;
import io.intermodal.server.forward.ComputedCall;
import io.intermodal.server.forward.CriCalls;
import io.intermodal.server.forward.TwoWayCall;
import io.intermodal.server.several.member.Member;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings an image to the engine of a container that is to be created from it, when another engine
 * has it and this one does not.
 *
 * <p>A kubelet without the feature gate RuntimeClassInImageCriApi asks whether an image is there
 * before it says for which pod. It is told of the engine that has it, and does not pull it for the
 * other. This is seen when the container cannot be created, and only then. The kubelet's
 * credentials are not at hand: the image has to be one that anybody may pull.
 */
final class MissingImages {
  private static final Logger log = LoggerFactory.getLogger(MissingImages.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Of a caller that has no deadline: as long as a kubelet waits for an answer. */
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final List<Member> members;

  MissingImages(List<Member> members) {
    this.members = List.copyOf(members);
  }

  /** CreateContainer on an engine, tried again when its image was brought there. */
  CriCalls around(Member member) {
    return (method, options) ->
        new TwoWayCall(
            method,
            member.open(method, options),
            (refusal, request) ->
                Member.isAway(refusal) || refusal.getCode() == Status.Code.CANCELLED
                    ? Optional.empty()
                    : Optional.of(again(member, method, refusal, request)));
  }

  private ClientCall<byte[], byte[]> again(
      Member member, MethodDescriptor<byte[], byte[]> method, Status refusal, byte[] request) {
    Deadline deadline = Context.current().getDeadline();
    return new ComputedCall(
        String.valueOf(method.getBareMethodName()),
        () -> {
          CreateContainerRequest create = CreateContainerRequest.parseFrom(request);
          ImageSpec wanted = create.getConfig().getImage();
          Optional<Member> owner =
              image(member, wanted).isPresent() ? Optional.empty() : ownerOf(wanted);
          if (owner.isEmpty()) {
            // It failed for a reason of its own.
            throw refusal.asRuntimeException();
          }
          String reference = pull(member, owner.get(), create, left(deadline));
          CreateContainerRequest.Builder changed = create.toBuilder();
          changed.getConfigBuilder().getImageBuilder().setImage(reference);
          return List.of(
              answer(member, "CreateContainer", changed.build().toByteArray(), left(deadline)));
        });
  }

  private Optional<Member> ownerOf(ImageSpec wanted) throws InvalidProtocolBufferException {
    for (Member member : members) {
      if (member.up() && image(member, wanted).isPresent()) {
        return Optional.of(member);
      }
    }
    return Optional.empty();
  }

  private static Optional<Image> image(Member member, ImageSpec wanted)
      throws InvalidProtocolBufferException {
    byte[] request = ImageStatusRequest.newBuilder().setImage(wanted).build().toByteArray();
    ImageStatusResponse status =
        ImageStatusResponse.parseFrom(answer(member, "ImageStatus", request, PATIENCE));
    return status.hasImage() ? Optional.of(status.getImage()) : Optional.empty();
  }

  /** Returns the image's reference on the engine. */
  private static String pull(
      Member member, Member owner, CreateContainerRequest create, Duration patience)
      throws InvalidProtocolBufferException {
    ImageSpec wanted = create.getConfig().getImage();
    String name =
        Stream.concat(
                Stream.of(wanted.getUserSpecifiedImage()),
                image(owner, wanted).stream()
                    .flatMap(image ->
                        Stream.concat(
                            image.getRepoDigestsList().stream(), image.getRepoTagsList().stream())))
            .filter(text -> !text.isEmpty())
            .findFirst()
            .orElse(wanted.getImage());
    log.info(
        "{} is on {} and is pulled for {}, where its pod is", name, owner.name(), member.name());
    PullImageRequest pull =
        PullImageRequest.newBuilder()
            .setImage(wanted.toBuilder().setImage(name))
            .setSandboxConfig(create.getSandboxConfig())
            .build();
    try {
      byte[] pulled = answer(member, "PullImage", pull.toByteArray(), patience);
      member.changed();
      return PullImageResponse.parseFrom(pulled).getImageRef();
    } catch (StatusRuntimeException e) {
      throw new CriException(
          CriException.Code.FAILED_PRECONDITION,
          "image %s is on %s and not on %s, where the pod is, and cannot be pulled there without the kubelet's credentials (%s): set the kubelet's feature gate RuntimeClassInImageCriApi, or imagePullPolicy: Always"
              .formatted(name, owner.name(), member.name(), e.getStatus().getDescription()),
          e);
    }
  }

  private static byte[] answer(Member member, String rpc, byte[] request, Duration patience) {
    try {
      return member.ask(rpc, request, patience).join();
    } catch (CompletionException e) {
      throw Status.fromThrowable(e).asRuntimeException();
    }
  }

  private static Duration left(@Nullable Deadline deadline) {
    return deadline == null
        ? LONGEST
        : Duration.ofNanos(Math.max(1, deadline.timeRemaining(TimeUnit.NANOSECONDS)));
  }
}
