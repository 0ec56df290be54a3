package io.intermodal.runtime.node;

import io.intermodal.runtime.node.statistics.FolderSizes;
import io.intermodal.runtime.node.statistics.PodStatistics;
import java.nio.file.Path;
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
 * @param networkNamespaces network namespaces for an engine that makes none
 * @param state the engine's own folder for the few things that the engine cannot keep
 * @param workFolder the engine's own folder for what is too large for {@code state} or written by
 *     other processes; an absolute path, made by whoever first needs it
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
    NetworkNamespaces networkNamespaces,
    StateDirectory state,
    Path workFolder,
    Host host,
    SandboxImage sandboxImage,
    Clock clock) {}
