/**
 * Checkpoints of running containers as files: Docker has CRIU write the processes into a folder,
 * and what else is needed to look into them, or to bring them back elsewhere, is put beside it in
 * one archive. The names in the archive are the field's: checkpointctl, CRI-O and Podman read them.
 */
@NullMarked
package io.intermodal.docker.checkpoint;

import org.jspecify.annotations.NullMarked;
