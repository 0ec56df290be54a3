package io.intermodal.docker.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import io.intermodal.docker.output.ContainerOutput;
import io.intermodal.docker.transport.UnixHttpClient;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A running dockerd, given by {@code -Ddocker.endpoint=unix:///…}, with an image made of the host's
 * static busybox. What was started here is removed at the end.
 */
public final class RealDocker implements AutoCloseable {
  private static final String IMAGE = "intermodal-transport-test:1";
  private static final Path BUSYBOX = Path.of("/bin/busybox");

  private final List<String> containers = new ArrayList<>();
  private final DockerApi api;
  private final EngineFacts facts;

  private RealDocker(String endpoint) throws IOException {
    api = DockerApi.open(endpoint);
    facts = api.negotiate();
    importImage(Path.of(URI.create(endpoint).getPath()));
  }

  /** Connects, or skips the test. */
  public static RealDocker connect() throws IOException {
    String endpoint = System.getProperty("docker.endpoint", "");
    if (endpoint.isEmpty()) {
      abort("no -Ddocker.endpoint=unix:///… was given");
    }
    if (!Files.exists(BUSYBOX)) {
      abort("no /bin/busybox to make an image of: install busybox-static");
    }
    return new RealDocker(endpoint);
  }

  public DockerApi api() {
    return api;
  }

  public Path rootDir() {
    return facts.rootDir();
  }

  /** A container that is still to be made. */
  public CreateContainerCmd container() {
    return api.client().createContainerCmd(IMAGE);
  }

  /** Starts a container that runs this script, and answers its id. */
  public String start(String script) {
    return start(container(), script);
  }

  public String start(CreateContainerCmd create, String script) {
    return start(create, script, ContainerOutput.config());
  }

  public String start(CreateContainerCmd create, String script, LogConfig log) {
    String id =
        create
            .withCmd("/bin/sh", "-c", script)
            .withHostConfig(HostConfig.newHostConfig().withNetworkMode("none").withLogConfig(log))
            .exec()
            .getId();
    containers.add(id);
    api.client().startContainerCmd(id).exec();
    return id;
  }

  public boolean runs(String id) {
    return Boolean.TRUE.equals(api.client().inspectContainerCmd(id).exec().getState().getRunning());
  }

  /** The processes of the host whose command line contains this. */
  public static List<String> processes(String commandLine) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process :
          processes.filter(p -> p.getFileName().toString().matches("\\d+")).toList()) {
        try {
          if (Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
              .contains(commandLine)) {
            found.add(process.toString());
          }
        } catch (IOException e) {
          assertThat(e).hasMessageContaining("/proc/");
        }
      }
    }
    return found;
  }

  @Override
  public void close() {
    for (String id : containers) {
      api.client().removeContainerCmd(id).withForce(true).exec();
    }
    api.close();
  }

  /** docker-java's own command for this sends an empty JSON object instead of the stream. */
  private static void importImage(Path socket) throws IOException {
    Request request =
        Request.builder()
            .method(Request.Method.POST)
            .path("/images/create?fromSrc=-&repo=intermodal-transport-test&tag=1")
            .body(new ByteArrayInputStream(imageTar()))
            .build();
    try (UnixHttpClient http = new UnixHttpClient(socket);
        Response response = http.execute(request)) {
      assertThat(new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8))
          .contains("sha256:");
    }
  }

  /** A root folder with busybox under the names that the scripts use. */
  private static byte[] imageTar() throws IOException {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    byte[] busybox = Files.readAllBytes(BUSYBOX);
    tar.writeBytes(tarHeader("bin/busybox", busybox.length, '0', ""));
    tar.writeBytes(busybox);
    tar.writeBytes(new byte[(512 - busybox.length % 512) % 512]);
    for (String name :
        List.of(
            "sh", "sleep", "echo", "head", "tr", "awk", "cat", "true", "printf", "stty", "dd",
            "yes")) {
      tar.writeBytes(tarHeader("bin/" + name, 0, '2', "busybox"));
    }
    tar.writeBytes(new byte[1024]);
    return tar.toByteArray();
  }

  private static byte[] tarHeader(String name, long size, char type, String link) {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 100, "0000755");
    put(header, 108, "0000000");
    put(header, 116, "0000000");
    put(header, 124, "%011o".formatted(size));
    put(header, 136, "00000000000");
    put(header, 148, "        ");
    header[156] = (byte) type;
    put(header, 157, link);
    put(header, 257, "ustar");
    put(header, 263, "00");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    return header;
  }

  private static void put(byte[] header, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }
}
