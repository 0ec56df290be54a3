package io.intermodal.server.config;

import io.intermodal.server.config.ValueType.Items;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * The file of settings: one YAML mapping from names of settings to text, or to a list where a
 * setting takes several values. A key that is not a setting is an error, since it is one that does
 * not work.
 */
final class ConfigFile {
  private static final long LARGEST_FILE = 1 << 20;

  private final Path file;
  private final List<Setting<?>> settings;

  private ConfigFile(Path file, List<Setting<?>> settings) {
    this.file = file;
    this.settings = settings.stream().filter(Setting::inFile).toList();
  }

  /** A value and the line it is on. */
  record Entry(String text, int line) {}

  /**
   * Reads the file.
   *
   * @return what it sets, by the setting's name
   * @throws ConfigException when it cannot be read or says something that is no setting
   */
  static Map<String, Entry> read(Path file, List<Setting<?>> settings) {
    return new ConfigFile(file, settings).read();
  }

  private Map<String, Entry> read() {
    Optional<Node> root;
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw new ConfigException(file + ": larger than 1 MiB: not a file of settings");
      }
      LoadSettings yaml = LoadSettings.builder().setLabel(file.toString()).build();
      root = new Compose(yaml).composeReader(new StringReader(Files.readString(file)));
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be read: " + e);
    } catch (MarkedYamlEngineException e) {
      throw new ConfigException(
          "%s:%d: %s".formatted(file, line(e.getProblemMark()), e.getProblem()));
    } catch (YamlEngineException e) {
      throw new ConfigException(file + ": not YAML: " + e.getMessage());
    }
    if (root.isEmpty() || root.get().getTag().equals(Tag.NULL)) {
      return Map.of();
    }
    if (!(root.get() instanceof MappingNode mapping)) {
      throw at(root.get(), "expected lines of the form \"setting: value\"");
    }
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String key = known(tuple.getKeyNode());
      Entry earlier =
          entries.put(key, new Entry(text(key, tuple.getValueNode()), line(tuple.getKeyNode())));
      if (earlier != null) {
        throw at(tuple.getKeyNode(), "%s: set already in line %d".formatted(key, earlier.line()));
      }
    }
    return entries;
  }

  private String known(Node node) {
    if (!(node instanceof ScalarNode scalar)) {
      throw at(node, "expected the name of a setting");
    }
    String key = scalar.getValue();
    List<String> names = settings.stream().map(Setting::name).toList();
    if (!names.contains(key)) {
      throw at(node, "%s: no such setting%s".formatted(key, Spelling.didYouMean(key, names)));
    }
    return key;
  }

  private String text(String key, Node node) {
    return switch (node) {
      case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> "";
      case ScalarNode scalar -> scalar.getValue();
      case SequenceNode sequence ->
          sequence.getValue().stream()
              .map(item -> {
                if (item instanceof ScalarNode scalar) {
                  return scalar.getValue();
                }
                throw at(item, key + ": expected a list of plain values");
              })
              .collect(Collectors.joining(items(key).separator()));
      case MappingNode mapping when items(key) == Items.PAIRS ->
          mapping.getValue().stream()
              .map(pair -> {
                if (pair.getKeyNode() instanceof ScalarNode name
                    && pair.getValueNode() instanceof ScalarNode value) {
                  return name.getValue() + "=" + value.getValue();
                }
                throw at(pair.getKeyNode(), key + ": expected plain names and values");
              })
              .collect(Collectors.joining(items(key).separator()));
      default -> throw at(node, key + ": expected a plain value or a list of them");
    };
  }

  private Items items(String key) {
    return settings.stream()
        .filter(setting -> setting.name().equals(key))
        .map(setting -> setting.type().items())
        .findFirst()
        .orElseThrow();
  }

  private ConfigException at(Node node, String problem) {
    return new ConfigException("%s:%d: %s".formatted(file, line(node), problem));
  }

  private static int line(Node node) {
    return line(node.getStartMark());
  }

  private static int line(Optional<Mark> mark) {
    return mark.map(m -> m.getLine() + 1).orElse(0);
  }
}
