package io.intermodal.containerd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that listens on a Unix socket, as the kernel tells it (proc(5)).
 *
 * @param folder its folder in {@code /proc}
 */
record ListeningProcess(Path folder) {
  private static final Logger log = LoggerFactory.getLogger(ListeningProcess.class);

  /** Columns of {@code /proc/net/unix}; the path is the last one and can be missing. */
  private static final int FLAGS = 3;

  private static final int INODE = 6;
  private static final int PATH = 7;

  /** SO_ACCEPTCON of the kernel: the socket was given to listen(2). */
  private static final String LISTENS = "00010000";

  private static final Set<String> CONFIG_FLAGS = Set.of("-c", "--c", "-config", "--config");

  /**
   * @param known its id, when that is known already
   * @param processes {@code /proc}
   */
  static Optional<ListeningProcess> of(OptionalLong known, Path socket, Path processes) {
    return known.isPresent()
        ? Optional.of(new ListeningProcess(processes.resolve(Long.toString(known.getAsLong()))))
        : on(socket, processes);
  }

  /**
   * Looks for it among all processes.
   *
   * @return empty when nobody listens, and when we may not look
   */
  static Optional<ListeningProcess> on(Path socket, Path processes) {
    Set<String> links = descriptorsOf(socket, processes.resolve("net/unix"));
    if (links.isEmpty()) {
      return Optional.empty();
    }
    return namesIn(processes)
        .filter(name -> name.chars().allMatch(Character::isDigit))
        .map(processes::resolve)
        .filter(process -> hasOpen(links, process.resolve("fd")))
        .findFirst()
        .map(ListeningProcess::new);
  }

  /** What an open descriptor of the listening socket links to: {@code socket:[4711]}. */
  private static Set<String> descriptorsOf(Path socket, Path table) {
    Path wanted = withoutLinks(socket);
    try (Stream<String> lines = Files.lines(table, StandardCharsets.ISO_8859_1)) {
      return lines
          .map(line -> line.split(" +", PATH + 1))
          .filter(columns -> columns.length > PATH && columns[FLAGS].equals(LISTENS))
          .filter(columns -> columns[PATH].endsWith("/" + wanted.getFileName()))
          .filter(columns -> withoutLinks(Path.of(columns[PATH])).equals(wanted))
          .map(columns -> "socket:[%s]".formatted(columns[INODE]))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      log.debug("who listens on {} is not known: {}", socket, e.toString());
      return Set.of();
    }
  }

  private static Path withoutLinks(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      // Not there any more: its name is all there is.
      return path;
    }
  }

  private static boolean hasOpen(Set<String> links, Path descriptors) {
    return namesIn(descriptors)
        .map(descriptors::resolve)
        .map(ListeningProcess::linkOf)
        .anyMatch(links::contains);
  }

  private static String linkOf(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      // Closed since the folder was read.
      return "";
    }
  }

  /** Empty also when the process ended meanwhile, or is not ours to look at. */
  private static Stream<String> namesIn(Path folder) {
    @Nullable String @Nullable [] names = folder.toFile().list();
    return names == null ? Stream.empty() : Arrays.stream(names);
  }

  /** The program's name, cut off after 15 characters; empty when the process has ended. */
  Optional<String> name() {
    return read("comm").map(String::strip);
  }

  /** The file that it runs; one that is not there any more when it was replaced. */
  Optional<Path> program() {
    try {
      String link = Files.readSymbolicLink(folder.resolve("exe")).toString();
      return Optional.of(Path.of(link.replaceFirst(" \\(deleted\\)$", "")));
    } catch (IOException e) {
      log.debug("a process is gone or not to be looked at: {}", e.toString());
      return Optional.empty();
    }
  }

  /** The file that its command line names as its configuration, absolute. */
  Optional<Path> configuration() {
    List<String> arguments =
        read("cmdline").map(line -> List.of(line.split("\0"))).orElse(List.of());
    for (int i = 1; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      if (equals > 0 && CONFIG_FLAGS.contains(argument.substring(0, equals))) {
        return Optional.of(absolute(argument.substring(equals + 1)));
      }
      if (CONFIG_FLAGS.contains(argument) && i + 1 < arguments.size()) {
        return Optional.of(absolute(arguments.get(i + 1)));
      }
    }
    return Optional.empty();
  }

  private Path absolute(String file) {
    return withoutLinks(folder.resolve("cwd")).resolve(file);
  }

  private Optional<String> read(String file) {
    try {
      return Optional.of(Files.readString(folder.resolve(file), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      log.debug("a process is gone or not to be looked at: {}", e.toString());
      return Optional.empty();
    }
  }
}
