package io.intermodal.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundNamespacesTest {
  private static final Path OWN = Path.of("/proc/self/ns/net");

  @TempDir Path folder;
  private BoundNamespaces namespaces;

  @BeforeEach
  void needs_root() throws IOException {
    assumeTrue(
        System.getProperty("user.name", "").equals("root"),
        "making a network namespace needs root");
    namespaces = new BoundNamespaces(folder, "test-");
  }

  @AfterEach
  void remove_all() throws IOException {
    if (namespaces != null) {
      for (String name : namespaces.names()) {
        namespaces.remove(name);
      }
    }
  }

  @Test
  void a_new_namespace_is_not_ours_and_has_its_loopback_up() throws Exception {
    Path path = namespaces.make("a");

    assertThat(inode(path)).isNotEqualTo(inode(OWN));
    assertThat(
            output("nsenter", "--net=" + path, "cat", "/sys/class/net/lo/flags", "/proc/net/dev"))
        .contains("lo:")
        .doesNotContain("eth0");
    assertThat(output("nsenter", "--net=" + path, "sh", "-c", "cat /proc/net/fib_trie"))
        .contains("127.0.0.1");
  }

  @Test
  void what_is_made_is_listed_until_it_is_removed() throws Exception {
    Path path = namespaces.make("b");

    assertThat(namespaces.names()).containsExactly("b");
    namespaces.remove("b");
    namespaces.remove("b");

    assertThat(namespaces.names()).isEmpty();
    assertThat(path).doesNotExist();
  }

  @Test
  void a_taken_name_is_refused_and_stays_what_it_was() throws Exception {
    Path path = namespaces.make("c");
    Object before = inode(path);

    assertThatThrownBy(() -> namespaces.make("c")).isInstanceOf(FileAlreadyExistsException.class);

    assertThat(inode(path)).isEqualTo(before);
  }

  @Test
  void what_a_crash_left_half_made_can_be_removed() throws Exception {
    Files.createFile(namespaces.path("d"));

    namespaces.remove("d");

    assertThat(namespaces.path("d")).doesNotExist();
  }

  private static Object inode(Path path) throws IOException {
    return Files.getAttribute(path, "unix:ino");
  }

  private static String output(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return text;
  }
}
