package io.intermodal.rkt.command;

import io.intermodal.rkt.command.ProgramRun.Ended;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.CurrentRpc;
import io.intermodal.runtime.EngineFigures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How rkt is called: a program with its first arguments, which may be a wrapper that enters rkt's
 * mount namespace.
 */
public final class RktCommand {
  /** Without these two rkt has neither {@code app} nor the streams of an app. */
  public static final Map<String, String> ENVIRONMENT =
      Map.of("RKT_EXPERIMENT_APP", "true", "RKT_EXPERIMENT_ATTACH", "true");

  private static final int WORDS_OF_KIND = 2;

  private final List<String> words;
  private final ConcurrentMap<Counted, LongAdder> counts = new ConcurrentHashMap<>();

  private record Counted(String rpc, String kind) {}

  /**
   * @param words the program and its first arguments
   */
  public RktCommand(List<String> words) {
    this.words = List.copyOf(words);
  }

  /**
   * Reads a setting: words with spaces between; one with a space in it stands in single or double
   * quotes. {@code rkt} from the PATH when there is none.
   *
   * @throws CriException INVALID_ARGUMENT for quotes that do not end and for no word at all
   */
  public static RktCommand of(Optional<String> setting) {
    List<String> words = setting.map(RktCommand::split).orElse(List.of("rkt"));
    if (words.isEmpty()) {
      throw CriException.invalid("the rkt command is empty (expected: rkt, or a path to it)");
    }
    return new RktCommand(words);
  }

  private static List<String> split(String setting) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (int i = 0; i < setting.length(); i++) {
      char c = setting.charAt(i);
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '\'' || c == '"') {
        quote = c;
        inWord = true;
      } else if (Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
        }
        inWord = false;
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (quote != 0) {
      throw CriException.invalid("the rkt command %s: a quote does not end".formatted(setting));
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }

  /** The program with its first arguments. */
  public List<String> words() {
    return words;
  }

  /** The whole command line for a program of rkt's that is run by somebody else. */
  public List<String> lineOf(List<String> arguments) {
    count(arguments);
    return line(arguments);
  }

  private List<String> line(List<String> arguments) {
    List<String> line = new ArrayList<>(words);
    line.addAll(arguments);
    return line;
  }

  /**
   * Runs rkt to its end, whatever it says.
   *
   * @throws CriException UNAVAILABLE when there is no rkt, DEADLINE_EXCEEDED at the limit
   */
  Ended run(Duration limit, List<String> arguments) {
    count(arguments);
    return new ProgramRun(line(arguments), ENVIRONMENT).run(limit);
  }

  Ended run(Duration limit, String... arguments) {
    return run(limit, Arrays.asList(arguments));
  }

  /** Counts a call by its verbs. */
  void count(List<String> arguments) {
    String kind =
        "rkt "
            + String.join(
                " ",
                arguments.stream()
                    .takeWhile(
                        word -> word.chars().allMatch(c -> c == '-' || Character.isLetter(c)))
                    .filter(word -> !word.startsWith("-"))
                    .limit(WORDS_OF_KIND)
                    .toList());
    counts.computeIfAbsent(new Counted(CurrentRpc.name(), kind), _ -> new LongAdder()).increment();
  }

  /** The calls so far. */
  public List<EngineFigures.Requests> counts() {
    List<EngineFigures.Requests> all = new ArrayList<>();
    counts.forEach((counted, count) ->
        all.add(new EngineFigures.Requests(counted.rpc(), counted.kind(), count.sum())));
    all.sort(
        Comparator.comparing(EngineFigures.Requests::rpc)
            .thenComparing(EngineFigures.Requests::kind));
    return all;
  }

  /**
   * What rkt's refusal means.
   *
   * @param object what messages call the thing: {@code container 1234}
   */
  static CriException refused(String object, Ended ended) {
    String said = said(ended);
    return new CriException(code(said), "%s: rkt said: %s".formatted(object, said));
  }

  private static Code code(String said) {
    if (said.contains("no matches found for") || said.contains("nonexistent app")) {
      return Code.NOT_FOUND;
    }
    if (said.contains("is currently running") || said.contains("is not running")) {
      return Code.FAILED_PRECONDITION;
    }
    if (said.contains("no space left on device")) {
      return Code.RESOURCE_EXHAUSTED;
    }
    return Code.UNKNOWN;
  }

  /** The last line that is not noise, without the program's name before it. */
  static String said(Ended ended) {
    List<String> lines =
        (ended.errors().isBlank() ? ended.output() : ended.errors())
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !isNoise(line))
            .toList();
    return lines.isEmpty() ? "nothing (exit code %d)".formatted(ended.exit()) : lines.getLast();
  }

  private static boolean isNoise(String line) {
    return line.startsWith("Downloading")
        || line.contains("group \"rkt\" not found")
        || line.contains("signature verification");
  }
}
