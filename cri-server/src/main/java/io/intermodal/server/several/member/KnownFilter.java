package io.intermodal.server.several.member;

import com.google.protobuf.InvalidProtocolBufferException;
import io.intermodal.cri.v1.Container;
import io.intermodal.cri.v1.ContainerFilter;
import io.intermodal.cri.v1.Image;
import io.intermodal.cri.v1.ListContainersRequest;
import io.intermodal.cri.v1.ListContainersResponse;
import io.intermodal.cri.v1.ListImagesRequest;
import io.intermodal.cri.v1.ListImagesResponse;
import io.intermodal.cri.v1.ListPodSandboxRequest;
import io.intermodal.cri.v1.ListPodSandboxResponse;
import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.cri.v1.PodSandboxFilter;
import java.util.Map;

/** What an engine would list of its last known content: CRI's filters, applied here. */
public final class KnownFilter {
  private KnownFilter() {}

  /**
   * The answer to a list of this kind.
   *
   * @param request of the RPC that lists it
   * @throws InvalidProtocolBufferException when it is no such request
   */
  public static byte[] answer(KnownContent content, ContentKind kind, byte[] request)
      throws InvalidProtocolBufferException {
    byte[] all = content.list(kind);
    if (request.length == 0) {
      return all;
    }
    return switch (kind) {
      case SANDBOXES -> {
        PodSandboxFilter filter = ListPodSandboxRequest.parseFrom(request).getFilter();
        ListPodSandboxResponse.Builder some = ListPodSandboxResponse.newBuilder();
        ListPodSandboxResponse.parseFrom(all).getItemsList().stream()
            .filter(sandbox -> matches(sandbox, filter))
            .forEach(some::addItems);
        yield some.build().toByteArray();
      }
      case CONTAINERS -> {
        ContainerFilter filter = ListContainersRequest.parseFrom(request).getFilter();
        ListContainersResponse.Builder some = ListContainersResponse.newBuilder();
        ListContainersResponse.parseFrom(all).getContainersList().stream()
            .filter(container -> matches(container, filter))
            .forEach(some::addContainers);
        yield some.build().toByteArray();
      }
      case IMAGES -> {
        String wanted = ListImagesRequest.parseFrom(request).getFilter().getImage().getImage();
        ListImagesResponse.Builder some = ListImagesResponse.newBuilder();
        ListImagesResponse.parseFrom(all).getImagesList().stream()
            .filter(image -> matches(image, wanted))
            .forEach(some::addImages);
        yield some.build().toByteArray();
      }
    };
  }

  private static boolean matches(PodSandbox sandbox, PodSandboxFilter filter) {
    return sandbox.getId().startsWith(filter.getId())
        && (!filter.hasState() || filter.getState().getState() == sandbox.getState())
        && contains(sandbox.getLabelsMap(), filter.getLabelSelectorMap());
  }

  private static boolean matches(Container container, ContainerFilter filter) {
    return container.getId().startsWith(filter.getId())
        && container.getPodSandboxId().startsWith(filter.getPodSandboxId())
        && (!filter.hasState() || filter.getState().getState() == container.getState())
        && contains(container.getLabelsMap(), filter.getLabelSelectorMap());
  }

  private static boolean matches(Image image, String wanted) {
    return wanted.isEmpty()
        || image.getId().equals(wanted)
        || image.getRepoTagsList().contains(wanted)
        || image.getRepoDigestsList().contains(wanted);
  }

  private static boolean contains(Map<String, String> labels, Map<String, String> wanted) {
    return labels.entrySet().containsAll(wanted.entrySet());
  }
}
