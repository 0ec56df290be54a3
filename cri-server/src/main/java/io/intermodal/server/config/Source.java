package io.intermodal.server.config;

import java.nio.file.Path;

/** Where a value came from. */
public sealed interface Source {
  /** For people: {@code --listen}, {@code /etc/intermodal/config.yaml:3}. */
  String describe();

  /** The command line. */
  record Flag(String flag) implements Source {
    @Override
    public String describe() {
      return flag;
    }
  }

  /** The environment. */
  record Environment(String variable) implements Source {
    @Override
    public String describe() {
      return variable;
    }
  }

  /** A line of the file, counted from 1. */
  record File(Path file, int line) implements Source {
    @Override
    public String describe() {
      return file + ":" + line;
    }
  }

  /** The declaration. */
  record Default() implements Source {
    @Override
    public String describe() {
      return "default";
    }
  }
}
