package io.intermodal.runtime.setup;

import org.jspecify.annotations.Nullable;

/**
 * A node that cannot be set up as wished. The message is for people: it names the file, the key or
 * the program, and says what to do.
 */
public final class SetupException extends Exception {
  private static final long serialVersionUID = 1;

  public SetupException(String message) {
    this(message, null);
  }

  public SetupException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
