package io.intermodal.server.setup.service;

import java.io.IOException;

/** Starts and stops daemons. Each call returns when it is done, or fails within a minute or two. */
public interface Services {
  /** Whether it runs, started by these services. */
  boolean running(Service service) throws IOException;

  /** Whether it is started with the machine. */
  boolean enabled(Service service) throws IOException;

  /** Starts it, now and with the machine from now on; nothing happens to one that runs. */
  void start(Service service) throws IOException;

  /** Ends it, if it runs, and starts it, now and with the machine from now on. */
  void restart(Service service) throws IOException;

  /** Ends it and everything that it has started but the containers; it may be gone already. */
  void stop(Service service) throws IOException;

  /** Has it not started with the machine any more. */
  void disable(Service service) throws IOException;

  /** Takes notice of units that were written or removed. */
  void unitsChanged() throws IOException;

  /** The last lines of its log, for an error's message; empty when there are none. */
  String lastWords(Service service);

  /** The command with which a person would do that: {@code systemctl restart docker.service}. */
  String spelled(String verb, Service service);
}
