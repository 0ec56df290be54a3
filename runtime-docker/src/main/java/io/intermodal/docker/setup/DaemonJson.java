package io.intermodal.docker.setup;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.intermodal.runtime.setup.SetupException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * dockerd's file of settings, to be edited: keys stay in their order, others' keys as they are, and
 * the indentation is that of the file. A file in which nothing has to change keeps its bytes.
 */
final class DaemonJson {
  static final Path PATH = Path.of("/etc/docker/daemon.json");

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
  private static final Pattern FIRST_INDENT = Pattern.compile("\\{\\s*\\n([ \\t]+)\"");

  private final String text;
  private final ObjectNode settings;
  private final List<String> reasons = new ArrayList<>();

  private DaemonJson(String text, ObjectNode settings) {
    this.text = text;
    this.settings = settings;
  }

  /**
   * Reads it.
   *
   * @param text what is in the file; empty when there is none
   * @throws SetupException when it is not what dockerd would accept
   */
  static DaemonJson read(Optional<String> text) throws SetupException {
    String written = text.orElse("");
    if (written.isBlank()) {
      return new DaemonJson(written, JSON.createObjectNode());
    }
    try {
      if (JSON.readTree(written) instanceof ObjectNode settings) {
        return new DaemonJson(written, settings);
      }
    } catch (JsonProcessingException e) {
      throw new SetupException(
          "%s:%d is no JSON, and dockerd does not start with it: %s"
              .formatted(
                  PATH,
                  e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                  e.getOriginalMessage()),
          e);
    }
    throw new SetupException(PATH + " is no object of settings: it must begin with {");
  }

  /** Sets a switch. */
  void set(String key, boolean wanted, String reason) {
    if (settings.path(key).asBoolean(!wanted) != wanted) {
      settings.put(key, wanted);
      reasons.add(reason);
    }
  }

  /**
   * Puts a text into a list, in place of those that begin in the same way.
   *
   * @param beginning what makes two of them contradict each other; empty when nothing does
   */
  void add(String key, String beginning, String wanted, String reason) throws SetupException {
    ArrayNode list = list(key);
    List<String> present = new ArrayList<>();
    list.forEach(item -> present.add(item.asText()));
    List<String> after = new ArrayList<>(present);
    if (!beginning.isEmpty()) {
      after.removeIf(item -> item.startsWith(beginning) && !item.equals(wanted));
    }
    if (!after.contains(wanted)) {
      after.add(wanted);
    }
    if (!after.equals(present)) {
      ArrayNode replaced = JSON.createArrayNode();
      after.forEach(replaced::add);
      settings.set(key, replaced);
      reasons.add(reason);
    }
  }

  /** The texts of a list that begin in some way. */
  List<String> find(String key, String beginning) throws SetupException {
    List<String> found = new ArrayList<>();
    list(key).forEach(item -> found.add(item.asText()));
    found.removeIf(item -> !item.startsWith(beginning));
    return found;
  }

  /** Whether a switch is on. */
  boolean isOn(String key) {
    return settings.path(key).asBoolean(false);
  }

  private ArrayNode list(String key) throws SetupException {
    JsonNode present = settings.get(key);
    if (present == null || present.isNull()) {
      return JSON.createArrayNode();
    }
    if (present instanceof ArrayNode list) {
      return list;
    }
    throw new SetupException(
        "%s: \"%s\" must be a list, and dockerd does not start with anything else: mend it by hand"
            .formatted(PATH, key));
  }

  /** Why it was changed; empty when it was not. */
  String reason() {
    return String.join("; ", reasons);
  }

  /** What must be in the file. */
  String text() throws SetupException {
    if (reasons.isEmpty()) {
      return text;
    }
    Matcher indent = FIRST_INDENT.matcher(text);
    DefaultIndenter indenter =
        new DefaultIndenter(indent.find() ? indent.group(1) : "  ", DefaultIndenter.SYS_LF);
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
                Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
            .withObjectIndenter(indenter)
            .withArrayIndenter(indenter);
    try {
      return JSON.writer(printer).writeValueAsString(settings) + "\n";
    } catch (JsonProcessingException e) {
      throw new SetupException(PATH + " cannot be written: " + e.getOriginalMessage(), e);
    }
  }
}
