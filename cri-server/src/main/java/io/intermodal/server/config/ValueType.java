package io.intermodal.server.config;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a setting's text becomes a value.
 *
 * @param expected what is accepted, for messages: {@code unix:///absolute/path}
 * @param read the value, empty when the text is not accepted
 * @param items how several values are written as one text
 */
public record ValueType<T>(
    Supplier<String> expected, Function<String, Optional<T>> read, Items items) {
  /** How several values are written as one text. */
  public enum Items {
    /** {@code a,b}. */
    COMMAS(","),
    /** {@code /a:/b}. */
    COLONS(":"),
    /** {@code a=b,c=d}. */
    PAIRS(",");

    private final String separator;

    Items(String separator) {
      this.separator = separator;
    }

    String separator() {
      return separator;
    }
  }

  /**
   * The longest path of a socket that we make. The kernel takes 107 bytes; the socket is first
   * bound in a folder of its own beside the path, whose name may be 8 bytes longer.
   */
  private static final int LONGEST_SOCKET_PATH = 99;

  private static final String UNIX = "unix://";
  private static final String HTTP = "http://";
  private static final Pattern HANDLER_NAME =
      Pattern.compile("([^=/,\\s]+)=([^=/,\\s]+)(/[^=,\\s]+)?");
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

  private ValueType(String expected, Function<String, Optional<T>> read) {
    this(() -> expected, read, Items.COMMAS);
  }

  private ValueType(Supplier<String> expected, Function<String, Optional<T>> read) {
    this(expected, read, Items.COMMAS);
  }

  /** Any text but none. */
  static ValueType<String> text(String expected) {
    return new ValueType<>(expected, text -> Optional.of(text).filter(t -> !t.isBlank()));
  }

  /** One of a few words. */
  static ValueType<String> oneOf(Supplier<List<String>> words) {
    return new ValueType<>(
        () -> String.join(", ", words.get()),
        text -> Optional.of(text).filter(t -> words.get().contains(t)));
  }

  static ValueType<Boolean> yesOrNo() {
    return new ValueType<>(
        "true or false",
        text ->
            switch (text) {
              case "true" -> Optional.of(true);
              case "false" -> Optional.of(false);
              default -> Optional.empty();
            });
  }

  /** A word that stands alone, or several of others, each once. */
  static ValueType<List<String>> wordOrSomeOf(String word, Supplier<List<String>> others) {
    return new ValueType<>(
        () -> "%s, or some of %s".formatted(word, String.join(", ", others.get())),
        text -> {
          List<String> words = words(text);
          boolean several =
              !words.isEmpty()
                  && others.get().containsAll(words)
                  && words.stream().distinct().count() == words.size();
          return several || words.equals(List.of(word)) ? Optional.of(words) : Optional.empty();
        });
  }

  /** Names of runtime handlers, and the engine or engine/handler that each means. */
  static ValueType<Map<String, String>> handlerNames(Supplier<List<String>> engines) {
    return new ValueType<>(
        () ->
            "name=engine or name=engine/handler, with commas between; engines are "
                + String.join(", ", engines.get()),
        text -> {
          Map<String, String> names = new LinkedHashMap<>();
          for (String pair : words(text)) {
            Matcher parts = HANDLER_NAME.matcher(pair);
            if (!parts.matches()
                || !engines.get().contains(parts.group(2))
                || names.put(parts.group(1), pair.substring(pair.indexOf('=') + 1)) != null) {
              return Optional.empty();
            }
          }
          return Optional.of(Collections.unmodifiableMap(names));
        },
        Items.PAIRS);
  }

  private static List<String> words(String text) {
    return text.isBlank()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(String::strip).toList();
  }

  static ValueType<Path> absolutePath() {
    return new ValueType<>("/absolute/path", text -> path(text).filter(Path::isAbsolute));
  }

  /** Folders, searched in order. */
  static ValueType<List<Path>> absolutePaths() {
    return new ValueType<>(
        () -> "/absolute/path[:/absolute/path…]",
        text -> {
          List<Optional<Path>> paths =
              Arrays.stream(text.split(":", -1))
                  .map(part -> path(part).filter(Path::isAbsolute))
                  .toList();
          return paths.stream().allMatch(Optional::isPresent)
              ? Optional.of(paths.stream().map(Optional::orElseThrow).toList())
              : Optional.empty();
        },
        Items.COLONS);
  }

  /** The path of a Unix socket that we make. */
  static ValueType<Path> listenAddress() {
    return new ValueType<>(
        UNIX + "/absolute/path of at most " + LONGEST_SOCKET_PATH + " bytes",
        text ->
            socketPath(text)
                .filter(path ->
                    path.toString().getBytes(StandardCharsets.UTF_8).length
                        <= LONGEST_SOCKET_PATH));
  }

  /** The address of a Unix socket that someone else serves, kept as text. */
  static ValueType<String> socketAddress() {
    return new ValueType<>(
        UNIX + "/absolute/path", text -> Optional.of(text).filter(t -> socketPath(t).isPresent()));
  }

  /** An address of TCP; port 0 means any free one. */
  static ValueType<String> hostAndPort() {
    return new ValueType<>(
        "host:port, [ipv6]:port", text -> Optional.of(text).filter(ValueType::isHostAndPort));
  }

  /** The same for what only this host should reach: where no host is named it is loopback. */
  static ValueType<InetSocketAddress> addressOnLoopback() {
    return new ValueType<>(
        "port, host:port, [ipv6]:port",
        text -> {
          int colon = text.lastIndexOf(':');
          String whole = colon < 1 ? "127.0.0.1:" + text.substring(colon + 1) : text;
          return isHostAndPort(whole) ? Optional.of(address(whole)) : Optional.empty();
        });
  }

  /** The address that a type of such a setting has accepted. */
  public static InetSocketAddress address(String hostAndPort) {
    int colon = hostAndPort.lastIndexOf(':');
    return InetSocketAddress.createUnresolved(
        hostAndPort.substring(0, colon).replaceAll("^\\[|\\]$", ""),
        Integer.parseInt(hostAndPort.substring(colon + 1)));
  }

  /** A server of HTTP without TLS, and nothing beneath it. */
  static ValueType<InetSocketAddress> plainHttp() {
    return new ValueType<>(
        HTTP + "host:port",
        text ->
            Optional.of(text)
                .filter(t -> t.startsWith(HTTP))
                .map(t -> t.substring(HTTP.length()))
                .filter(ValueType::isHostAndPort)
                .map(ValueType::address));
  }

  static ValueType<Integer> wholeNumber(int least, int most) {
    return new ValueType<>(
        "a whole number from %d to %d".formatted(least, most),
        text ->
            Optional.of(text)
                .filter(t -> t.matches("[0-9]{1,9}"))
                .map(Integer::valueOf)
                .filter(number -> number >= least && number <= most));
  }

  /** A time of at least a millisecond: a number and its unit. */
  static ValueType<Duration> duration() {
    return new ValueType<>("a time like 500ms, 30s, 5m or 4h", ValueType::duration);
  }

  /** The same, or nothing: empty text stands for an empty value. */
  static <T> ValueType<Optional<T>> optional(ValueType<T> type) {
    return new ValueType<>(
        type.expected,
        text -> {
          Optional<T> value = text.isEmpty() ? Optional.empty() : type.read.apply(text);
          return text.isEmpty() || value.isPresent() ? Optional.of(value) : Optional.empty();
        });
  }

  private static Optional<Path> socketPath(String text) {
    return text.startsWith(UNIX + "/")
        ? path(text.substring(UNIX.length())).filter(path -> path.getFileName() != null)
        : Optional.empty();
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text).normalize());
    } catch (InvalidPathException e) {
      // A NUL character: no path at all, which the caller words as "expected: …".
      return Optional.empty();
    }
  }

  private static Optional<Duration> duration(String text) {
    Matcher parts = DURATION.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(parts.group(1));
    Duration duration =
        switch (parts.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          default -> Duration.ofHours(number);
        };
    return Optional.of(duration).filter(d -> !d.isZero());
  }

  private static boolean isHostAndPort(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      return false;
    }
    String host = text.substring(0, colon);
    String port = text.substring(colon + 1);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    return (bracketed || !host.contains(":"))
        && port.matches("[0-9]{1,5}")
        && Integer.parseInt(port) <= 65535;
  }
}
