package io.intermodal.server.demo;

import org.jspecify.annotations.Nullable;

/** A step that did not go well; the message says what was seen and what to do. */
final class DemoException extends Exception {
  DemoException(String message) {
    this(message, null);
  }

  DemoException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
