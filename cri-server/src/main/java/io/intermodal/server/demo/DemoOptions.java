package io.intermodal.server.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the demo is asked to do.
 *
 * @param socket the CRI socket
 * @param image the container's image, pulled if it is missing; empty for the built-in one
 * @param port the port that the container listens on
 * @param patience how long to wait for the server to answer and its conditions to be true; zero to
 *     fail at once
 * @param timeout the bound of everything after that, but for the cleaning up
 * @param folder where the container's log file is put, and the program that is mounted into a named
 *     image; made if missing
 */
public record DemoOptions(
    Path socket,
    Optional<String> image,
    int port,
    Duration patience,
    Duration timeout,
    Path folder) {}
