package io.intermodal.docker;

import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.api.EngineFacts;
import io.intermodal.docker.image.DockerImageArchives;
import io.intermodal.docker.setup.DockerSetup;
import io.intermodal.runtime.ContainerEngine;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.EngineConfig;
import io.intermodal.runtime.EngineConnection;
import io.intermodal.runtime.Probe;
import io.intermodal.runtime.images.ImageArchives;
import io.intermodal.runtime.node.CriSockets;
import io.intermodal.runtime.node.NodeServices;
import io.intermodal.runtime.setup.NodeSetup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Docker 20.10 (API 1.41) and later, over its Unix socket. */
public final class DockerEngine implements ContainerEngine {
  private static final String USUAL_ENDPOINT = "unix:///var/run/docker.sock";
  private static final List<Path> DAEMONS =
      Stream.of("/usr/bin/dockerd", "/usr/sbin/dockerd", "/usr/local/bin/dockerd")
          .map(Path::of)
          .toList();

  @Override
  public String name() {
    return "docker";
  }

  @Override
  public Probe probe(EngineConfig config, CriSockets sockets) {
    String endpoint = config.endpoint().orElse(USUAL_ENDPOINT);
    try (DockerApi docker = DockerApi.open(endpoint)) {
      EngineFacts facts = docker.negotiate();
      return new Probe(
          Probe.State.RUNNING,
          Optional.of(endpoint),
          Optional.of(facts.version()),
          "API " + facts.api());
    } catch (CriException e) {
      return unreachable(endpoint, e);
    }
  }

  private static Probe unreachable(String endpoint, CriException reason) {
    Probe.State state =
        switch (reason.code()) {
          case UNIMPLEMENTED, INVALID_ARGUMENT -> Probe.State.UNSUPPORTED;
          default ->
              DAEMONS.stream().anyMatch(Files::isExecutable)
                  ? Probe.State.STOPPED
                  : Probe.State.ABSENT;
        };
    return new Probe(
        state, Optional.of(endpoint), Optional.empty(), String.valueOf(reason.getMessage()));
  }

  @Override
  public EngineConnection connect(EngineConfig config, Supplier<NodeServices> node) {
    return new DockerConnection(
        DockerApi.open(config.endpoint().orElse(USUAL_ENDPOINT)), node.get());
  }

  @Override
  public NodeSetup nodeSetup() {
    return new DockerSetup();
  }

  @Override
  public ImageArchives imageArchives(EngineConfig config, Path workFolder) {
    return new DockerImageArchives(() -> DockerApi.open(config.endpoint().orElse(USUAL_ENDPOINT)));
  }
}
