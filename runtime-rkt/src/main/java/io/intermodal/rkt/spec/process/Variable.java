package io.intermodal.rkt.spec.process;

import io.intermodal.runtime.CriException;
import java.util.regex.Pattern;

/** A variable of an app's environment, which rkt keeps in a file that its systemd reads. */
public final class Variable {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z_0-9]*");

  private Variable() {}

  /**
   * The flag that sets it. A value with anything that systemd reads in its own way is quoted.
   *
   * @throws CriException UNIMPLEMENTED for a name that systemd does not take
   */
  public static String flag(String name, String value) {
    if (!NAME.matcher(name).matches()) {
      throw CriException.unimplemented(
          "environment \"%s\": rkt takes only letters, digits and underscores in a name"
              .formatted(name));
    }
    return "--environment=" + name + "=" + (mustBeQuoted(value) ? quoted(value) : value);
  }

  private static boolean mustBeQuoted(String value) {
    return value.contains("\\")
        || value.contains("\n")
        || value.startsWith("\"")
        || value.startsWith("'")
        || !value.equals(value.strip());
  }

  private static String quoted(String value) {
    return '"'
        + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$").replace("`", "\\`")
        + '"';
  }
}
