package io.intermodal.runtime.node;

import io.intermodal.runtime.node.statistics.FolderSizes;
import io.intermodal.runtime.node.statistics.PodStatistics;
import java.time.Clock;

/**
 * The services of the node, as lent to one engine.
 *
 * @param network the pod network
 * @param logs the writer of container log files
 * @param streaming the server of exec, attach and port-forward
 * @param statistics what pods and containers use
 * @param folders how much folders hold
 * @param mergedFolders folders that show several others as one
 * @param state the engine's own folder for the few things that the engine cannot keep
 * @param host what this host is and allows
 * @param sandboxImage the image that holds a pod's namespaces open
 * @param clock the time
 */
public record NodeServices(
    PodNetwork network,
    ContainerLogs logs,
    StreamingServer streaming,
    PodStatistics statistics,
    FolderSizes folders,
    MergedFolders mergedFolders,
    StateDirectory state,
    Host host,
    SandboxImage sandboxImage,
    Clock clock) {}
