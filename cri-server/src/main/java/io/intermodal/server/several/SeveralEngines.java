package io.intermodal.server.several;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.HandlerRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.intermodal.server.forward.CriCalls;
import io.intermodal.server.handler.OneEngineHandlers;
import io.intermodal.server.several.Route.After;
import io.intermodal.server.several.RuntimeHandlers.Target;
import io.intermodal.server.several.member.ContentKind;
import io.intermodal.server.several.member.Member;
import io.intermodal.server.several.merge.MergedDescriptors;
import io.intermodal.server.several.merge.MergedEvents;
import io.intermodal.server.several.merge.MergedFileSystems;
import io.intermodal.server.several.merge.MergedLists;
import io.intermodal.server.several.merge.MergedStatus;
import io.intermodal.server.wire.Fields;
import io.intermodal.server.wire.Frames;
import io.intermodal.server.wire.ListStreams;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Several engines behind one socket. Each RPC is of one of these kinds:
 *
 * <ul>
 *   <li>it makes a sandbox: the runtime handler says which engine's;
 *   <li>it is about a sandbox or a container: the id's owner is asked;
 *   <li>it is about an image: {@link ImageRoutes};
 *   <li>it is about all there is: the answers of all engines become one;
 *   <li>it is about the node, or unknown to us: the default engine answers, or, when an unknown one
 *       begins with an id, that id's owner.
 * </ul>
 */
public final class SeveralEngines extends HandlerRegistry {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** In all requests about one sandbox or container. */
  private static final int ID = 1;

  private static final Map<String, After> OF_SANDBOXES =
      Map.of(
          "StopPodSandbox", After.SANDBOX_STOPPED,
          "RemovePodSandbox", After.SANDBOX_REMOVED,
          "PodSandboxStatus", After.NOTHING,
          "PodSandboxStats", After.NOTHING,
          "PortForward", After.NOTHING,
          "UpdatePodSandboxResources", After.NOTHING,
          "CheckpointPod", After.NOTHING,
          "CreateContainer", After.CONTAINER_MADE);

  private static final Map<String, After> OF_CONTAINERS =
      Map.of(
          "StartContainer", After.CONTAINER_STARTED,
          "StopContainer", After.CONTAINER_STOPPED,
          "RemoveContainer", After.CONTAINER_REMOVED,
          "ContainerStatus", After.NOTHING,
          "ContainerStats", After.NOTHING,
          "UpdateContainerResources", After.NOTHING,
          "ReopenContainerLog", After.NOTHING,
          "CheckpointContainer", After.NOTHING);

  /** Likewise, and with no end in sight: {@link Map#of} takes ten entries. */
  private static final Set<String> SESSIONS_OF_CONTAINERS = Set.of("Exec", "ExecSync", "Attach");

  private static final Set<String> OF_IMAGES = Set.of("PullImage", "ImageStatus", "RemoveImage");

  private final List<Member> members;
  private final RuntimeHandlers handlers;
  private final Owners owners;
  private final ImageRoutes images;
  private final MissingImages missingImages;
  private final MergedLists lists;
  private final MergedStatus status;
  private final MergedFileSystems fileSystems;
  private final MergedDescriptors descriptors;
  private final int largestMessage;

  /**
   * @param members the engines, the default one first
   * @param handlerNames configured runtime handlers, and the engine or engine/handler they mean
   * @param engines the names of all engines of this build
   * @param largestMessage bytes of the largest answer that is given
   */
  public SeveralEngines(
      List<Member> members,
      Map<String, String> handlerNames,
      Set<String> engines,
      int largestMessage) {
    this.members = List.copyOf(members);
    this.handlers = new RuntimeHandlers(members, handlerNames, engines);
    this.owners = new Owners(members);
    this.images = new ImageRoutes(members, handlers);
    this.missingImages = new MissingImages(members);
    this.lists = new MergedLists(members);
    this.status = new MergedStatus(members, handlers::namesOf);
    this.fileSystems = new MergedFileSystems(members);
    this.descriptors = new MergedDescriptors(members);
    this.largestMessage = largestMessage;
  }

  @Override
  public ServerMethodDefinition<byte[], byte[]> lookupMethod(
      String name, @Nullable String authority) {
    MethodDescriptor<byte[], byte[]> method = Frames.method(name);
    return ServerMethodDefinition.create(
        method, (call, headers) -> RoutedCall.begin(call, headers, method, new ByRequest()));
  }

  /** The answer to Status. */
  public byte[] status(byte[] request) throws InvalidProtocolBufferException {
    return status.answer(request);
  }

  /** Whether pods that name no engine are this one's. */
  public boolean isDefault(Member member) {
    return member.equals(handlers.defaultMember());
  }

  /**
   * How a RuntimeClass calls a handler of an engine.
   *
   * @param handler as the engine knows it; empty for the engine's default
   */
  public Set<String> handlerNames(Member member, String handler) {
    Set<String> names = new TreeSet<>(handlers.namesOf(member, handler));
    if (isDefault(member) && !handler.isEmpty()) {
      names.add(handler);
    }
    return names;
  }

  /** The table from RPC to route. */
  private final class ByRequest implements RoutedCall.Routing {
    @Override
    public Optional<Route> known(String rpc, byte[] request) throws Exception {
      Integer handlerField = OneEngineHandlers.FIELDS.get(rpc);
      if (handlerField != null) {
        return Optional.of(byHandler(request, handlerField));
      }
      Optional<ContentKind> kind = kindOfId(rpc);
      if (kind.isPresent()) {
        return owners.known(kind.get(), id(request)).map(member -> toOwner(member, rpc, request));
      }
      if (OF_IMAGES.contains(rpc)) {
        return images.named(rpc, request);
      }
      Optional<Route> merged = merged(rpc, request);
      return merged.isPresent() ? merged : Optional.of(byFirstField(request));
    }

    @Override
    public Route asked(String rpc, byte[] request) throws Exception {
      Optional<ContentKind> kind = kindOfId(rpc);
      if (kind.isPresent()) {
        return toOwner(owners.asked(kind.get(), id(request)), rpc, request);
      }
      return switch (rpc) {
        case "PullImage" -> images.ofNewPod(request);
        case "ImageStatus" -> answered(rpc, request, () -> images.status(request));
        case "RemoveImage" -> answered(rpc, request, () -> images.remove(request));
        default -> byFirstField(request);
      };
    }
  }

  private Route byHandler(byte[] request, int field) throws Exception {
    String handler = Fields.text(request, field).orElse("");
    Target target = handlers.target(handler);
    return new Route.ToMember(
        target.member(),
        target.handler().equals(handler)
            ? request
            : Fields.withText(request, field, target.handler()),
        After.SANDBOX_MADE);
  }

  private Route toOwner(Member owner, String rpc, byte[] request) {
    CriCalls calls = rpc.equals("CreateContainer") ? missingImages.around(owner) : owner;
    return new Route.ToMember(owner, calls, request, after(rpc));
  }

  private static Optional<ContentKind> kindOfId(String rpc) {
    if (OF_SANDBOXES.containsKey(rpc)) {
      return Optional.of(ContentKind.SANDBOXES);
    }
    return OF_CONTAINERS.containsKey(rpc) || SESSIONS_OF_CONTAINERS.contains(rpc)
        ? Optional.of(ContentKind.CONTAINERS)
        : Optional.empty();
  }

  private static After after(String rpc) {
    return OF_SANDBOXES.getOrDefault(rpc, OF_CONTAINERS.getOrDefault(rpc, After.NOTHING));
  }

  private static String id(byte[] request) {
    return Fields.text(request, ID).orElse("");
  }

  private Optional<Route> merged(String rpc, byte[] request) {
    Optional<String> list = ListStreams.listOf(rpc);
    if (list.isPresent()) {
      return Optional.of(
          new Route.ToAll(rpc, request, () -> ListStreams.pieces(lists.list(list.get(), request))));
    }
    if (ListStreams.lists().contains(rpc)) {
      return Optional.of(answered(rpc, request, () -> lists.whole(rpc, request, largestMessage)));
    }
    return switch (rpc) {
      case "Status" -> Optional.of(answered(rpc, request, () -> status.answer(request)));
      case "ImageFsInfo" -> Optional.of(answered(rpc, request, () -> fileSystems.answer(request)));
      case "ListMetricDescriptors" ->
          Optional.of(answered(rpc, request, () -> descriptors.answer(request)));
      case "UpdateRuntimeConfig" -> Optional.of(answered(rpc, request, () -> toAll(rpc, request)));
      case "GetContainerEvents" -> Optional.of(new Route.ToStreams(request, this::events));
      default -> Optional.empty();
    };
  }

  private ClientCall<byte[], byte[]> events(
      MethodDescriptor<byte[], byte[]> method, CallOptions options) {
    return new MergedEvents(members, method, options);
  }

  private static Route answered(String rpc, byte[] request, Callable<byte[]> answer) {
    return new Route.ToAll(rpc, request, () -> List.of(answer.call()));
  }

  /** Each engine is told; one that is away is told nothing, and fails it. */
  private byte[] toAll(String rpc, byte[] request) {
    List<CompletableFuture<byte[]>> told =
        members.stream().map(member -> member.ask(rpc, request, PATIENCE)).toList();
    try {
      told.forEach(CompletableFuture::join);
    } catch (CompletionException e) {
      throw Status.fromThrowable(e).asRuntimeException();
    }
    return new byte[0];
  }

  /** For RPCs that we have not heard of, most of which are about what their first field names. */
  private Route byFirstField(byte[] request) {
    String id = id(request);
    Member member =
        owners
            .knownWhole(ContentKind.SANDBOXES, id)
            .or(() -> owners.knownWhole(ContentKind.CONTAINERS, id))
            .orElse(handlers.defaultMember());
    return new Route.ToMember(member, request, After.NOTHING);
  }
}
