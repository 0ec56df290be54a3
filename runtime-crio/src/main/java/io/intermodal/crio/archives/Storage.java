package io.intermodal.crio.archives;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;

/**
 * Where a CRI-O keeps its images.
 *
 * @param driver {@code overlay}
 * @param options of the driver: {@code overlay.mountopt=nodev}
 */
public record Storage(String driver, String root, String runRoot, List<String> options) {
  public Storage {
    options = List.copyOf(options);
  }

  /**
   * Reads it from the configuration that is in force.
   *
   * @param toml the whole of it, as CRI-O tells it
   * @throws IOException when it is no TOML, or does not say
   */
  public static Storage of(String toml) throws IOException {
    TomlParseResult told = Toml.parse(toml);
    if (told.hasErrors()) {
      throw new IOException("its configuration is no TOML: " + told.errors().getFirst());
    }
    TomlArray options = told.getArray(List.of("crio", "storage_option"));
    return new Storage(
        text(told, "storage_driver"),
        text(told, "root"),
        text(told, "runroot"),
        options == null
            ? List.of()
            : IntStream.range(0, options.size()).mapToObj(options::getString).toList());
  }

  private static String text(TomlParseResult told, String key) throws IOException {
    String text = told.getString(List.of("crio", key));
    if (text == null || text.isEmpty()) {
      throw new IOException("its configuration names no " + key);
    }
    return text;
  }

  /**
   * An image in it, as the libraries of containers/image write it.
   *
   * @param name whole, or {@code @} and an id
   */
  String image(String name) {
    return "containers-storage:[%s@%s+%s%s]%s"
        .formatted(
            driver, root, runRoot, options.isEmpty() ? "" : ":" + String.join(",", options), name);
  }
}
