package io.intermodal.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverlayFoldersTest {
  @TempDir Path root;

  private OverlayFolders folders;

  @BeforeEach
  void probe() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    folders = open();
    try {
      folders.show("probe", layer("probe", "x", ""), List.of("."));
    } catch (IOException e) {
      assumeTrue(false, "needs the right to mount an overlay: " + e.getMessage());
    }
    folders.hide("probe");
  }

  @AfterEach
  void hideAll() throws IOException {
    for (String name : folders.names()) {
      folders.hide(name);
    }
  }

  @Test
  void upper_layers_hide_lower_ones_and_nothing_can_be_written() throws IOException {
    layer("low", "a", "low");
    layer("low", "b", "low");
    layer("up", "b", "up");

    Path shown = folders.show("one", root, List.of("up", "low"));

    assertThat(shown.resolve("a")).hasContent("low");
    assertThat(shown.resolve("b")).hasContent("up");
    assertThatThrownBy(() -> Files.writeString(shown.resolve("c"), ""))
        .hasMessageContaining("Read-only file system");
  }

  @Test
  void a_single_layer_is_shown_too() throws IOException {
    Path shown = folders.show("one", layer("only", "a", "x"), List.of("."));

    assertThat(shown.resolve("a")).hasContent("x");
  }

  @Test
  void as_many_layers_as_docker_allows_fit_with_names_as_long_as_dockers() throws IOException {
    List<String> layers =
        IntStream.range(0, 125).mapToObj("l/ABCDEFGHIJKLMNOPQRSTUVW%03d"::formatted).toList();
    for (String layer : layers) {
      layer(layer, layer.substring(2), "");
    }

    Path shown = folders.show("many", root, layers);

    assertThat(shown.toFile().list()).hasSize(125);
  }

  @Test
  void more_than_the_kernel_takes_is_refused_with_a_reason() {
    List<String> layers = IntStream.range(0, 50).mapToObj(i -> i + "x".repeat(100)).toList();

    assertThatThrownBy(() -> folders.show("many", root, layers))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("50 layers");
  }

  @Test
  void another_process_finds_what_is_shown_and_can_hide_it() throws IOException {
    Path shown = folders.show("one", layer("only", "a", "x"), List.of("."));

    OverlayFolders later = open();

    assertThat(later.names()).containsExactly("one");
    assertThat(later.show("one", root, List.of("missing")).resolve("a")).hasContent("x");
    later.hide("one");
    assertThat(later.names()).isEmpty();
    assertThat(shown).doesNotExist();
  }

  @Test
  void the_working_directory_of_the_process_stays() throws IOException {
    Path before = Path.of("/proc/self/cwd").toRealPath();

    folders.show("one", layer("only", "a", "x"), List.of("."));

    assertThat(Path.of("/proc/self/cwd").toRealPath()).isEqualTo(before);
  }

  @Test
  void this_process_sees_its_own_folders() throws IOException {
    assertThat(folders.areSeenBy(ProcessHandle.current().pid())).isTrue();
  }

  @Test
  void to_hide_what_is_not_shown_is_no_error() throws IOException {
    folders.hide("never");

    assertThat(folders.names()).isEmpty();
  }

  private OverlayFolders open() {
    return new OverlayFolders(root.resolve("a folder:with, odd\\signs"));
  }

  private Path layer(String name, String file, String content) throws IOException {
    Path layer = Files.createDirectories(root.resolve(name));
    Files.writeString(layer.resolve(file), content);
    return layer;
  }
}
