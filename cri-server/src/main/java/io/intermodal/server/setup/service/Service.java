package io.intermodal.server.setup.service;

import io.intermodal.runtime.setup.Daemon;

/**
 * A daemon of the node.
 *
 * @param name short, unique on the node, fit for a file's name: {@code docker}
 * @param daemon how it is started
 */
public record Service(String name, Daemon daemon) {}
