package io.intermodal.tests.virtual;

import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.RuntimeCondition;
import io.intermodal.cri.v1.StatusRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.CriChannel;
import io.intermodal.tests.engine.PrivateFolder;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.Command;
import io.intermodal.tests.image.TestImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A virtual node on which the server of this build runs as a systemd service in front of Docker.
 * Its socket is carried to the host, and the host's registry to it: the images' names are the same
 * on both sides.
 */
public final class ServedNode implements AutoCloseable {
  private static final String JAVA = "/opt/java";
  private static final String SERVER = "/opt/intermodal";
  private static final String SOCKET = "/run/intermodal/intermodal.sock";
  private static final String LOGS = "/var/log/pods";
  private static final Duration START = Duration.ofMinutes(5);
  private static final Duration CALL = Duration.ofMinutes(5);

  /** Compiling well takes longer in emulation than running what was compiled in haste. */
  private static final String PROGRAM =
      JAVA
          + "/bin/java @"
          + SERVER
          + "/server.options -XX:TieredStopAtLevel=1 -cp "
          + SERVER
          + "/classes:"
          + SERVER
          + "/lib/* io.intermodal.server.Intermodal ";

  private static final String UNIT =
      """
      [Unit]
      After=docker.service
      Requires=docker.service

      [Service]
      Environment=MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=131072
      ExecStartPre=%1$s default-network
      ExecStart=%1$s serve --container-runtime=docker --listen=unix://%2$s --log-level=debug
      TimeoutStartSec=%3$d
      """
          .formatted(PROGRAM, SOCKET, START.toSeconds());

  private final TestImages images;
  private final VirtualNode machine;
  private final CriChannel channel;

  private ServedNode(TestImages images, VirtualNode machine, CriChannel channel) {
    this.images = images;
    this.machine = machine;
    this.channel = channel;
  }

  /** Boots one and waits until it is ready for pods. */
  static ServedNode start() {
    VirtualNode machine = boot();
    try {
      TestImages images = TestImages.create(machine.folder().resolve("images"));
      machine.carryToNode(images.port());
      install(machine);
      CriChannel channel = new CriChannel(machine.carryToHost(SOCKET), CALL);
      Await.until("the server in the node is ready", START, () -> ready(channel));
      return new ServedNode(images, machine, channel);
    } catch (IOException e) {
      machine.close();
      throw new UncheckedIOException(e);
    } catch (AssertionError | RuntimeException e) {
      String journal = machine.run("journalctl --unit=intermodal --lines=50").output();
      machine.close();
      throw new IllegalStateException("no server in the virtual node: " + journal, e);
    }
  }

  private static VirtualNode boot() {
    try (PrivateFolder staging = PrivateFolder.create()) {
      Path java = staging.path().resolve("java");
      // A distribution's JDK has links out of its folder, some of which lead nowhere.
      var _ = Command.run(List.of("cp", "-rL", System.getProperty("java.home"), java.toString()));
      Path build = Path.of(System.getProperty("intermodal.server.folder", "../cri-server/target"));
      Path server = Files.createDirectory(staging.path().resolve("server"));
      Command.output(
          "cp",
          "-r",
          build.resolve("classes").toString(),
          build.resolve("lib").toString(),
          "../bin/lib/server.options",
          server.toString());
      return VirtualNode.boot(Map.of(JAVA, java, SERVER, server));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void install(VirtualNode machine) throws IOException {
    Path units = Files.createDirectory(machine.folder().resolve("units"));
    Files.writeString(units.resolve("intermodal.service"), UNIT);
    machine.send(units, "/etc/systemd/system");
    var _ = machine.output("systemctl daemon-reload && systemctl start intermodal");
    // A carried socket takes connections before there is a server: it would be asked in vain.
    var _ =
        machine.output(
            "until test -S %s; do systemctl is-active intermodal || exit; sleep 0.5; done"
                .formatted(SOCKET));
  }

  private static boolean ready(CriChannel channel) {
    try {
      channel.reconnect();
      return channel
          .runtime()
          .status(StatusRequest.getDefaultInstance())
          .getStatus()
          .getConditionsList()
          .stream()
          .allMatch(RuntimeCondition::getStatus);
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  /** A session for one test. Its pods' logs are in the node. */
  public Cri session() {
    return new Cri(channel, images, Path.of(LOGS));
  }

  /** A running container as the node's kernel shows it. */
  public ContainerInside inside(Container container) {
    return ContainerInside.of(machine, container.id());
  }

  /** The machine that the server runs on. */
  public VirtualNode machine() {
    return machine;
  }

  @Override
  public void close() {
    channel.close();
    images.close();
    machine.close();
  }
}
