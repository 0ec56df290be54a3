package io.intermodal.server.setup.plan;

import io.intermodal.runtime.setup.SetupException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A YAML file that is one mapping, whose values are set in place: everything else in it, comments
 * too, stays as it is.
 *
 * @param path where it is, for messages
 * @param text what is in it
 */
record YamlFile(Path path, String text) {
  /** The same with a key set to a plain text. */
  YamlFile with(String key, String value) throws SetupException {
    Optional<Node> present = find(key);
    if (present.isEmpty()) {
      String ended = text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
      return new YamlFile(path, "%s%s: %s\n".formatted(ended, key, value)).checked(key, value);
    }
    if (present.get() instanceof ScalarNode scalar && scalar.getValue().equals(value)) {
      return this;
    }
    if (!(present.get() instanceof ScalarNode || present.get() instanceof SequenceNode)) {
      throw new SetupException(
          "%s: %s is no plain value, and cannot be set to %s: do that by hand"
              .formatted(path, key, value));
    }
    int start = index(present.get().getStartMark());
    int end = index(present.get().getEndMark());
    // The end of a list in lines of their own is where the next key begins.
    String old = text.substring(start, end).stripTrailing();
    // Such a list begins below its key; a plain value would be no value there.
    boolean list = present.get() instanceof SequenceNode;
    String head = text.substring(0, start);
    String before = list ? head.stripTrailing() + " " : head;
    return new YamlFile(path, before + value + text.substring(start + old.length()))
        .checked(key, value);
  }

  private YamlFile checked(String key, String value) throws SetupException {
    if (find(key)
        .filter(node -> node instanceof ScalarNode scalar && scalar.getValue().equals(value))
        .isEmpty()) {
      throw new SetupException(
          "%s: %s cannot be set to %s without changing more: do that by hand"
              .formatted(path, key, value));
    }
    return this;
  }

  private Optional<Node> find(String key) throws SetupException {
    Optional<Node> root;
    try {
      root =
          new Compose(LoadSettings.builder().setLabel(path.toString()).build())
              .composeReader(new StringReader(text));
    } catch (YamlEngineException e) {
      throw new SetupException(
          "%s is no YAML: %s"
              .formatted(path, String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          e);
    }
    if (root.isEmpty()
        || (root.get() instanceof ScalarNode scalar && scalar.getValue().isEmpty())) {
      return Optional.empty();
    }
    if (!(root.get() instanceof MappingNode mapping)) {
      throw new SetupException(path + " is no mapping of keys to values: mend it by hand");
    }
    return mapping.getValue().stream()
        .filter(pair -> pair.getKeyNode() instanceof ScalarNode name && name.getValue().equals(key))
        .map(NodeTuple::getValueNode)
        .findFirst();
  }

  private static int index(Optional<Mark> mark) {
    return mark.map(Mark::getIndex).orElseThrow();
  }
}
