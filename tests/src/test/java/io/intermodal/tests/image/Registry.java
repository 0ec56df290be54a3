package io.intermodal.tests.image;

import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.Command;
import io.intermodal.tests.host.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A container registry of Debian's package {@code docker-registry}, on loopback. */
public final class Registry implements AutoCloseable {
  /** Who may pull from a registry that asks for a password. */
  public static final String USER = "reader";

  public static final String PASSWORD = "secret";

  /** The password's bcrypt hash: the only kind the registry takes. */
  private static final String USERS_FILE =
      USER + ":$2b$04$Ghbo94NtB9qm1IoI2TMRDecjVboglZaREljJx75yN9VdDRTk5tuGe\n";

  private static final String LOOPBACK = "127.0.0.1:";
  private static final Duration START = Duration.ofSeconds(20);

  private final Process process;
  private final int port;

  private Registry(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Open to everyone. */
  public static Registry open(Path folder, Path storage) {
    return start(folder, storage, "");
  }

  /** Asks for {@link #USER} and {@link #PASSWORD}. */
  public static Registry locked(Path folder, Path storage) {
    try {
      Files.createDirectories(folder);
      Path users = Files.writeString(folder.resolve("users"), USERS_FILE);
      return start(
          folder, storage, "auth: {htpasswd: {realm: tests, path: %s}}\n".formatted(users));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Registry start(Path folder, Path storage, String extra) {
    int port = Ports.free();
    String address = LOOPBACK + port;
    String text =
        """
        version: 0.1
        log: {level: warn}
        storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}
        http: {addr: "%s", secret: for-tests-only}
        """
            .formatted(storage, address);
    try {
      Files.createDirectories(folder);
      Files.createDirectories(storage);
      Path configuration = Files.writeString(folder.resolve("registry.yml"), text + extra);
      Process process =
          new ProcessBuilder(
                  System.getProperty("intermodal.tests.registry", "docker-registry"),
                  "serve",
                  configuration.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("registry.log").toFile())
              .start();
      Await.until(
          "docker-registry answers on " + address,
          START,
          () -> {
            if (!process.isAlive()) {
              throw new IOException("docker-registry ended: see " + folder);
            }
            return accepts(port);
          });
      return new Registry(process, port);
    } catch (IOException e) {
      throw new UncheckedIOException("docker-registry (apt-get install docker-registry)", e);
    }
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The first part of its images' names: {@code 127.0.0.1:PORT}. */
  public String address() {
    return LOOPBACK + port;
  }

  /** Where it listens. */
  int port() {
    return port;
  }

  @Override
  public void close() {
    Command.end(process);
  }
}
