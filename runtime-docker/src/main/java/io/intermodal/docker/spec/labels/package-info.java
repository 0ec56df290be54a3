/**
 * Names and labels of our containers: the node's database, kept by Docker itself.
 *
 * <p>The scheme is cri-dockerd's, so that a node can move over with its pods running: a name {@code
 * k8s_<container>_<pod>_<namespace>_<uid>_<attempt>} ({@code POD} as the container of a sandbox),
 * the pod's labels as they are, annotations as {@code annotation.<key>}, and three labels that say
 * what it is, whose it is and where its log goes. Where that scheme cannot tell everything back (a
 * name with an underscore, a label that looks like one of ours) labels under {@code io.intermodal.}
 * fill the gap; they are absent on pods that were taken over. {@link
 * io.intermodal.docker.spec.labels.SandboxIdentity} and {@link
 * io.intermodal.docker.spec.labels.ContainerIdentity} are both ends of it.
 */
@NullMarked
package io.intermodal.docker.spec.labels;

import org.jspecify.annotations.NullMarked;
