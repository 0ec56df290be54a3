package io.intermodal.docker.spec;

/**
 * The sandbox that a container joins.
 *
 * @param id the sandbox's id
 * @param runtime the OCI runtime that it runs with, as Docker has it; "" for the engine's default
 * @param cgroupParent its cgroup parent as Docker has it; "" for the engine's own
 */
public record PodPlace(String id, String runtime, String cgroupParent) {}
