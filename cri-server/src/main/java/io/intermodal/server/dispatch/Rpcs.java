package io.intermodal.server.dispatch;

import static io.intermodal.cri.v1.ImageServiceGrpc.getImageFsInfoMethod;
import static io.intermodal.cri.v1.ImageServiceGrpc.getImageStatusMethod;
import static io.intermodal.cri.v1.ImageServiceGrpc.getListImagesMethod;
import static io.intermodal.cri.v1.ImageServiceGrpc.getPullImageMethod;
import static io.intermodal.cri.v1.ImageServiceGrpc.getRemoveImageMethod;
import static io.intermodal.cri.v1.ImageServiceGrpc.getStreamImagesMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getAttachMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getCheckpointContainerMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getContainerStatsMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getContainerStatusMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getCreateContainerMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getExecMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getExecSyncMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getGetContainerEventsMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getListContainerStatsMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getListContainersMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getListMetricDescriptorsMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getListPodSandboxMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getListPodSandboxMetricsMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getListPodSandboxStatsMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getPodSandboxStatsMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getPodSandboxStatusMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getPortForwardMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getRemoveContainerMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getRemovePodSandboxMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getReopenContainerLogMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getRunPodSandboxMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getRuntimeConfigMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getStartContainerMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getStatusMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getStopContainerMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getStopPodSandboxMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getStreamContainerStatsMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getStreamContainersMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getStreamPodSandboxMetricsMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getStreamPodSandboxStatsMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getStreamPodSandboxesMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getUpdateContainerResourcesMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getUpdatePodSandboxResourcesMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getUpdateRuntimeConfigMethod;
import static io.intermodal.cri.v1.RuntimeServiceGrpc.getVersionMethod;

import com.google.protobuf.MessageLite;
import io.grpc.MethodDescriptor;
import io.intermodal.cri.v1.Container;
import io.intermodal.cri.v1.ContainerStats;
import io.intermodal.cri.v1.Image;
import io.intermodal.cri.v1.ListContainerStatsRequest;
import io.intermodal.cri.v1.ListContainersRequest;
import io.intermodal.cri.v1.ListImagesRequest;
import io.intermodal.cri.v1.ListPodSandboxMetricsRequest;
import io.intermodal.cri.v1.ListPodSandboxRequest;
import io.intermodal.cri.v1.ListPodSandboxStatsRequest;
import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.cri.v1.PodSandboxMetrics;
import io.intermodal.cri.v1.PodSandboxStats;
import io.intermodal.cri.v1.RunPodSandboxRequest;
import io.intermodal.cri.v1.StreamContainerStatsRequest;
import io.intermodal.cri.v1.StreamContainerStatsResponse;
import io.intermodal.cri.v1.StreamContainersRequest;
import io.intermodal.cri.v1.StreamContainersResponse;
import io.intermodal.cri.v1.StreamImagesRequest;
import io.intermodal.cri.v1.StreamImagesResponse;
import io.intermodal.cri.v1.StreamPodSandboxMetricsRequest;
import io.intermodal.cri.v1.StreamPodSandboxMetricsResponse;
import io.intermodal.cri.v1.StreamPodSandboxStatsRequest;
import io.intermodal.cri.v1.StreamPodSandboxStatsResponse;
import io.intermodal.cri.v1.StreamPodSandboxesRequest;
import io.intermodal.cri.v1.StreamPodSandboxesResponse;
import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.cri.v1.VersionResponse;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.EngineConnection.Translating;
import io.intermodal.server.dispatch.Rpc.EventStream;
import io.intermodal.server.dispatch.Rpc.ListStream;
import io.intermodal.server.dispatch.Rpc.Operation;
import io.intermodal.server.dispatch.Rpc.Unary;
import io.intermodal.server.handler.HandlerNames;
import io.intermodal.server.wire.CriVersion;
import java.util.List;
import java.util.function.Function;

/** The table: which RPC is answered by which operation. */
final class Rpcs {
  private Rpcs() {}

  /**
   * The RPCs that are served to callers of a version.
   *
   * @param handlers what runtime handlers mean
   */
  static List<Rpc<?, ?>> of(CriVersion version, HandlerNames handlers) {
    return List.of(
        unary(getVersionMethod(), (engine, q, call) -> version(engine, q, call, version)),
        unary(getStatusMethod(), Translating::status),
        unary(getRuntimeConfigMethod(), Translating::runtimeConfig),
        unary(getUpdateRuntimeConfigMethod(), Translating::updateRuntimeConfig),
        unary(
            getRunPodSandboxMethod(),
            (engine, q, call) -> engine.runPodSandbox(meant(q, handlers), call)),
        unary(getStopPodSandboxMethod(), Translating::stopPodSandbox),
        unary(getRemovePodSandboxMethod(), Translating::removePodSandbox),
        unary(getPodSandboxStatusMethod(), Translating::podSandboxStatus),
        unary(getListPodSandboxMethod(), Translating::listPodSandbox),
        unary(getUpdatePodSandboxResourcesMethod(), Translating::updatePodSandboxResources),
        stream(getStreamPodSandboxesMethod(), Rpcs::podSandboxes, Rpcs::ofPodSandboxes),
        unary(getCreateContainerMethod(), Translating::createContainer),
        unary(getStartContainerMethod(), Translating::startContainer),
        unary(getStopContainerMethod(), Translating::stopContainer),
        unary(getRemoveContainerMethod(), Translating::removeContainer),
        unary(getListContainersMethod(), Translating::listContainers),
        stream(getStreamContainersMethod(), Rpcs::containers, Rpcs::ofContainers),
        unary(getContainerStatusMethod(), Translating::containerStatus),
        unary(getUpdateContainerResourcesMethod(), Translating::updateContainerResources),
        unary(getReopenContainerLogMethod(), Translating::reopenContainerLog),
        unary(getCheckpointContainerMethod(), Translating::checkpointContainer),
        unary(getContainerStatsMethod(), Translating::containerStats),
        unary(getListContainerStatsMethod(), Translating::listContainerStats),
        stream(getStreamContainerStatsMethod(), Rpcs::containerStats, Rpcs::ofContainerStats),
        unary(getPodSandboxStatsMethod(), Translating::podSandboxStats),
        unary(getListPodSandboxStatsMethod(), Translating::listPodSandboxStats),
        stream(getStreamPodSandboxStatsMethod(), Rpcs::podSandboxStats, Rpcs::ofPodSandboxStats),
        unary(getListMetricDescriptorsMethod(), Translating::listMetricDescriptors),
        unary(getListPodSandboxMetricsMethod(), Translating::listPodSandboxMetrics),
        stream(getStreamPodSandboxMetricsMethod(), Rpcs::podMetrics, Rpcs::ofPodMetrics),
        new EventStream<>(getGetContainerEventsMethod(), Translating::getContainerEvents),
        unary(getExecSyncMethod(), Translating::execSync),
        unary(getExecMethod(), Translating::exec),
        unary(getAttachMethod(), Translating::attach),
        unary(getPortForwardMethod(), Translating::portForward),
        unary(getListImagesMethod(), Translating::listImages),
        stream(getStreamImagesMethod(), Rpcs::images, Rpcs::ofImages),
        unary(getImageStatusMethod(), Translating::imageStatus),
        unary(getPullImageMethod(), Translating::pullImage),
        unary(getRemoveImageMethod(), Translating::removeImage),
        unary(getImageFsInfoMethod(), Translating::imageFsInfo));
  }

  private static VersionResponse version(
      Translating engine, VersionRequest request, Call call, CriVersion version) {
    return engine.version(request, call).toBuilder().setRuntimeApiVersion(version.label()).build();
  }

  private static RunPodSandboxRequest meant(RunPodSandboxRequest request, HandlerNames handlers) {
    String handler = request.getRuntimeHandler();
    String inside = handlers.meaning(handler).handler();
    return inside.equals(handler) ? request : request.toBuilder().setRuntimeHandler(inside).build();
  }

  private static List<PodSandbox> podSandboxes(
      Translating engine, StreamPodSandboxesRequest request, Call call) {
    ListPodSandboxRequest.Builder list = ListPodSandboxRequest.newBuilder();
    if (request.hasFilter()) {
      list.setFilter(request.getFilter());
    }
    return engine.listPodSandbox(list.build(), call).getItemsList();
  }

  private static StreamPodSandboxesResponse ofPodSandboxes(List<PodSandbox> items) {
    return StreamPodSandboxesResponse.newBuilder().addAllPodSandboxes(items).build();
  }

  private static List<Container> containers(
      Translating engine, StreamContainersRequest request, Call call) {
    ListContainersRequest.Builder list = ListContainersRequest.newBuilder();
    if (request.hasFilter()) {
      list.setFilter(request.getFilter());
    }
    return engine.listContainers(list.build(), call).getContainersList();
  }

  private static StreamContainersResponse ofContainers(List<Container> items) {
    return StreamContainersResponse.newBuilder().addAllContainers(items).build();
  }

  private static List<Image> images(Translating engine, StreamImagesRequest request, Call call) {
    ListImagesRequest.Builder list = ListImagesRequest.newBuilder();
    if (request.hasFilter()) {
      list.setFilter(request.getFilter());
    }
    return engine.listImages(list.build(), call).getImagesList();
  }

  private static StreamImagesResponse ofImages(List<Image> items) {
    return StreamImagesResponse.newBuilder().addAllImages(items).build();
  }

  private static List<ContainerStats> containerStats(
      Translating engine, StreamContainerStatsRequest request, Call call) {
    ListContainerStatsRequest.Builder list = ListContainerStatsRequest.newBuilder();
    if (request.hasFilter()) {
      list.setFilter(request.getFilter());
    }
    return engine.listContainerStats(list.build(), call).getStatsList();
  }

  private static StreamContainerStatsResponse ofContainerStats(List<ContainerStats> items) {
    return StreamContainerStatsResponse.newBuilder().addAllContainerStats(items).build();
  }

  private static List<PodSandboxStats> podSandboxStats(
      Translating engine, StreamPodSandboxStatsRequest request, Call call) {
    ListPodSandboxStatsRequest.Builder list = ListPodSandboxStatsRequest.newBuilder();
    if (request.hasFilter()) {
      list.setFilter(request.getFilter());
    }
    return engine.listPodSandboxStats(list.build(), call).getStatsList();
  }

  private static StreamPodSandboxStatsResponse ofPodSandboxStats(List<PodSandboxStats> items) {
    return StreamPodSandboxStatsResponse.newBuilder().addAllPodSandboxStats(items).build();
  }

  private static List<PodSandboxMetrics> podMetrics(
      Translating engine, StreamPodSandboxMetricsRequest request, Call call) {
    return engine
        .listPodSandboxMetrics(ListPodSandboxMetricsRequest.getDefaultInstance(), call)
        .getPodMetricsList();
  }

  private static StreamPodSandboxMetricsResponse ofPodMetrics(List<PodSandboxMetrics> items) {
    return StreamPodSandboxMetricsResponse.newBuilder().addAllPodSandboxMetrics(items).build();
  }

  private static <Q, A extends MessageLite> Rpc<Q, A> unary(
      MethodDescriptor<Q, A> method, Operation<Q, A> operation) {
    return new Unary<>(method, operation);
  }

  private static <Q, A extends MessageLite, I extends MessageLite> Rpc<Q, A> stream(
      MethodDescriptor<Q, A> method, Operation<Q, List<I>> items, Function<List<I>, A> chunk) {
    return new ListStream<>(method, items, chunk);
  }
}
