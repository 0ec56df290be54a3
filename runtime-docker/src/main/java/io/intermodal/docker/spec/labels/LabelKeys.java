package io.intermodal.docker.spec.labels;

import java.util.Set;

/** The label keys that mean something to us. Those under {@code io.kubernetes.} are the field's. */
public final class LabelKeys {
  /** What the container is: {@link #SANDBOX} or {@link #CONTAINER}. Anything else is not ours. */
  public static final String TYPE = "io.kubernetes.docker.type";

  /** The {@link #TYPE} of a pod's sandbox. */
  public static final String SANDBOX = "podsandbox";

  /** The {@link #TYPE} of a container in a pod. */
  public static final String CONTAINER = "container";

  /** On a container: the id of its sandbox. */
  public static final String SANDBOX_ID = "io.kubernetes.sandbox.id";

  /** On a container: the absolute path of its log file. */
  public static final String LOG_PATH = "io.kubernetes.container.logpath";

  /** On a container with image volumes that Docker does not know as such: their images' ids. */
  public static final String VOLUME_IMAGES = "io.intermodal.image-volumes";

  /** On a container that is never started: the id of the image that it keeps from being removed. */
  public static final String KEPT_IMAGE = "io.intermodal.kept-image";

  static final String CONTAINER_NAME = "io.kubernetes.container.name";
  static final String POD_NAME = "io.kubernetes.pod.name";
  static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
  static final String POD_UID = "io.kubernetes.pod.uid";

  /** The annotation in which a kubelet counts a container's restarts: its attempt. */
  static final String RESTART_COUNT = "io.kubernetes.container.restartCount";

  /** The name that stands for the container in a sandbox's name. */
  static final String SANDBOX_CONTAINER = "POD";

  static final String ANNOTATION_PREFIX = "annotation.";

  static final String OWN_PREFIX = "io.intermodal.";

  /** Before a user's label key that would otherwise be read as something else. */
  static final String ESCAPED_PREFIX = OWN_PREFIX + "label.";

  /** The parts of a name that does not say them unambiguously. */
  static final String OWN_POD_NAME = OWN_PREFIX + "pod.name";

  static final String OWN_POD_NAMESPACE = OWN_PREFIX + "pod.namespace";
  static final String OWN_POD_UID = OWN_PREFIX + "pod.uid";
  static final String OWN_CONTAINER_NAME = OWN_PREFIX + "container.name";
  static final String OWN_ATTEMPT = OWN_PREFIX + "attempt";

  /** On a sandbox: the runtime handler as asked for. */
  static final String RUNTIME_HANDLER = OWN_PREFIX + "runtime-handler";

  /** On a sandbox whose containers share one process namespace: {@code true}. */
  static final String SHARED_PROCESSES = OWN_PREFIX + "pod.shared-processes";

  /** On a container: the image as named in the request, before it became an id. */
  static final String IMAGE = OWN_PREFIX + "image";

  /** On a container: the image as the pod's author wrote it. */
  static final String USER_SPECIFIED_IMAGE = OWN_PREFIX + "image.user-specified";

  /** Before the path in a container where an image is mounted. */
  static final String IMAGE_VOLUME_PREFIX = OWN_PREFIX + "image-volume.";

  /** Before the name of a cgroup file that Docker cannot set. */
  static final String UNIFIED_PREFIX = OWN_PREFIX + "cgroup.";

  /** Before a huge page size whose limit Docker cannot set. */
  static final String HUGEPAGES_PREFIX = OWN_PREFIX + "hugepages.";

  /**
   * The keys of the labels in the request, each percent-encoded, with commas between: Docker adds
   * the image's labels to a container's, and those are not the request's.
   */
  static final String REQUESTED = OWN_PREFIX + "labels";

  private static final Set<String> RESERVED = Set.of(TYPE, SANDBOX_ID, LOG_PATH);

  private LabelKeys() {}

  /** Whether a user's label of this key cannot be stored under it. */
  static boolean isReserved(String key, boolean sandbox) {
    return RESERVED.contains(key)
        || key.startsWith(ANNOTATION_PREFIX)
        || key.startsWith(OWN_PREFIX)
        || (sandbox && key.equals(CONTAINER_NAME));
  }
}
