package io.intermodal.server.network;

import io.intermodal.runtime.node.PodNetwork.Readiness;
import io.intermodal.server.network.cni.MalformedJsonException;
import io.intermodal.server.network.cni.NetworkConfig;
import io.intermodal.server.network.cni.PluginChain;
import io.intermodal.server.network.cni.PluginDirectories;
import io.intermodal.server.network.cni.PluginException;
import io.intermodal.server.network.cni.PluginVersions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of network files: which network is in use now, and whether pods could be connected to
 * it.
 *
 * <p>A thread of its own looks at names, sizes and times of the files and at the plugins' programs,
 * and asks plugins for VERSION and STATUS; requests only read what it found.
 */
final class NetworkDirectory implements AutoCloseable {
  /** What is configured, for requests. */
  record View(Optional<NetworkConfig> network, Readiness readiness) {}

  private static final Logger LOG = LoggerFactory.getLogger(NetworkDirectory.class);
  private static final String REASON = "NetworkPluginNotReady";
  private static final Readiness READY = new Readiness(true, "", "");

  /** STATUS forks, so it is not asked each time. */
  private static final int LOOKS_PER_STATUS = 3;

  private final Path folder;
  private final PluginDirectories plugins;
  private final PluginVersions versions;
  private final Duration probeTimeout;

  // Guarded by this; the view is also read without.
  private List<String> seen = List.of("never looked");
  private Loaded loaded = new Loaded(Optional.empty(), "");
  private Optional<String> probeProblem = Optional.empty();
  private volatile View view;

  private @Nullable Thread watcher;

  /**
   * @param problem why there is no network; empty if there is one
   */
  private record Loaded(Optional<NetworkConfig> network, String problem) {}

  NetworkDirectory(NetworkSettings settings) {
    this.folder = settings.configDirectory();
    this.plugins = settings.plugins();
    this.probeTimeout = settings.probeTimeout();
    this.versions = new PluginVersions(settings.probeTimeout());
    this.view = new View(Optional.empty(), notReady("the folder " + folder + " is being read"));
  }

  /** Reads the folder now, and from now on whenever it changes. Asks plugins in the background. */
  void start(Duration interval) {
    look();
    watcher = Thread.ofVirtual().name("cni-watch").start(() -> watch(interval));
  }

  View view() {
    return view;
  }

  private void watch(Duration interval) {
    Optional<String> statusProblem = Optional.empty();
    try {
      for (int round = 0; ; round++) {
        View now = look();
        NetworkConfig network = now.network().orElse(null);
        if (network == null || !plugins.missing(network).isEmpty()) {
          // STATUS is asked as soon as it can be.
          round = -1;
        } else {
          Optional<String> problem = versionProblem(network);
          if (problem.isEmpty() && round % LOOKS_PER_STATUS == 0) {
            statusProblem = statusProblem(network);
          }
          probed(network, problem.or(lastOf(statusProblem)));
        }
        Thread.sleep(interval);
      }
    } catch (InterruptedException e) {
      LOG.debug("the folder {} is no longer watched", folder);
    }
  }

  private static Supplier<Optional<String>> lastOf(Optional<String> problem) {
    return () -> problem;
  }

  /** Looks at the files, without asking plugins. */
  synchronized View look() {
    List<String> now = fingerprint();
    if (!now.equals(seen)) {
      seen = now;
      loaded = load();
      probeProblem = Optional.empty();
      loaded.network.ifPresent(
          network -> LOG.info("the pod network is {}, from {}", network.name(), folder));
    }
    publish();
    return view;
  }

  private synchronized void probed(NetworkConfig network, Optional<String> problem)
      throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    // Plugins were asked without the lock, as they may take long: the folder can have changed.
    if (loaded.network.filter(network::equals).isPresent()) {
      probeProblem = problem;
      publish();
    }
  }

  private void publish() {
    Readiness before = view.readiness();
    Readiness readiness =
        loaded.network.map(this::readiness).orElseGet(() -> notReady(loaded.problem));
    view = new View(loaded.network, readiness);
    if (readiness.equals(before)) {
      return;
    }
    if (readiness.ready()) {
      LOG.info("the pod network is ready");
    } else {
      LOG.warn("the pod network is not ready: {}", readiness.message());
    }
  }

  private Readiness readiness(NetworkConfig network) {
    List<String> missing = plugins.missing(network);
    if (!missing.isEmpty()) {
      return notReady(
          "the network "
              + network.name()
              + " needs the CNI plugin "
              + String.join(", ", missing)
              + ", which is not in "
              + plugins
              + ": install it (Debian: containernetworking-plugins)");
    }
    return probeProblem.map(NetworkDirectory::notReady).orElse(READY);
  }

  private Optional<String> versionProblem(NetworkConfig network) {
    for (String program : network.programs()) {
      Optional<Path> file = plugins.find(program);
      try {
        if (file.isPresent() && !versions.supports(file.get(), network.version())) {
          return Optional.of(
              "the network "
                  + network.name()
                  + " is of CNI version "
                  + network.version()
                  + ", but its plugin "
                  + file.get()
                  + " speaks only "
                  + versions.of(file.get()).stream().sorted().toList());
        }
      } catch (PluginException e) {
        return Optional.of("the network " + network.name() + ": " + e.getMessage());
      }
    }
    return Optional.empty();
  }

  private Optional<String> statusProblem(NetworkConfig network) {
    PluginChain chain = new PluginChain(network, plugins);
    if (chain.hasStatus()) {
      try {
        chain.status(probeTimeout);
      } catch (PluginException e) {
        return Optional.of("the network " + network.name() + ": " + e.getMessage());
      }
    }
    return Optional.empty();
  }

  private Loaded load() {
    List<String> problems = new ArrayList<>();
    List<Path> files;
    try {
      files = NetworkConfig.filesIn(folder);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return new Loaded(
          Optional.empty(), "there is no folder " + folder + " with a network's file" + cure());
    } catch (IOException e) {
      return new Loaded(Optional.empty(), "the folder " + folder + " cannot be read: " + e);
    }
    for (Path file : files) {
      try {
        return new Loaded(Optional.of(NetworkConfig.read(file)), "");
      } catch (MalformedJsonException e) {
        problems.add(file.getFileName() + " " + e.getMessage());
      } catch (IOException e) {
        problems.add(file.getFileName() + " cannot be read: " + e);
      }
      LOG.warn("the network file {} is skipped: {}", file, problems.getLast());
    }
    return new Loaded(
        Optional.empty(),
        problems.isEmpty()
            ? "no network's file (.conf, .conflist, .json) in " + folder + cure()
            : "no valid network's file in " + folder + ": " + String.join("; ", problems));
  }

  private static String cure() {
    return ": install a pod network or write one there";
  }

  /** Changes whenever a file of the folder or of one directly below it does. */
  private List<String> fingerprint() {
    List<String> entries = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path entry : all.sorted().toList()) {
        entries.add(fingerprint(entry));
        if (Files.isDirectory(entry)) {
          try (Stream<Path> below = Files.list(entry)) {
            below.sorted().map(NetworkDirectory::fingerprint).forEach(entries::add);
          }
        }
      }
    } catch (IOException e) {
      entries.add(e.toString());
    }
    return entries;
  }

  private static String fingerprint(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return file
          + " "
          + attributes.fileKey()
          + " "
          + attributes.lastModifiedTime()
          + " "
          + attributes.size();
    } catch (IOException e) {
      return file + " " + e;
    }
  }

  private static Readiness notReady(String message) {
    return new Readiness(false, REASON, message);
  }

  @Override
  public void close() {
    if (watcher != null) {
      watcher.interrupt();
    }
  }
}
