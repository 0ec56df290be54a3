package io.intermodal.server.config;

import java.util.Locale;

/**
 * Something that can be set. Its flag, its key in the file and its environment variable follow from
 * the name.
 *
 * @param name words joined by hyphens: {@code state-dir}
 * @param type what is accepted
 * @param placeholder what stands for the value in help texts: {@code DIR}
 * @param defaultText the default, as one would write it
 * @param description one sentence
 * @param inFile whether it may stand in the file: the file's own place may not
 */
public record Setting<T>(
    String name,
    ValueType<T> type,
    String placeholder,
    String defaultText,
    String description,
    boolean inFile) {

  public String flag() {
    return "--" + name;
  }

  public String environmentVariable() {
    return Settings.ENVIRONMENT_PREFIX + name.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /**
   * The value of a text.
   *
   * @param where how the place where it was set is called in the message: {@code --listen}
   * @throws ConfigException when the text is not accepted
   */
  public T parse(String where, String text) {
    return type.read()
        .apply(text)
        .orElseThrow(() ->
            new ConfigException(
                "%s: \"%s\" (expected: %s)".formatted(where, text, type.expected().get())));
  }
}
