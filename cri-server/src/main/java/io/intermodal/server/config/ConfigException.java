package io.intermodal.server.config;

/** A setting that cannot be meant. The message is one line: where it was set, what was expected. */
public final class ConfigException extends RuntimeException {
  public ConfigException(String message) {
    super(message);
  }
}
