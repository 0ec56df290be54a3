package io.intermodal.rkt.spec.process;

import io.intermodal.runtime.CriException;
import java.util.ArrayList;
import java.util.List;

/**
 * The words of a command.
 *
 * @param all the program and its arguments
 */
public record Words(List<String> all) {
  private static final String END = "---";

  public Words {
    all = List.copyOf(all);
  }

  /**
   * CRI's rule: a command replaces the image's entrypoint and command, arguments alone replace the
   * image's command.
   *
   * @throws CriException INVALID_ARGUMENT when there is nothing to run
   */
  public static Words of(
      List<String> command, List<String> args, List<String> entrypoint, List<String> imageCommand) {
    List<String> all = new ArrayList<>(command.isEmpty() ? entrypoint : command);
    if (!args.isEmpty()) {
      all.addAll(args);
    } else if (command.isEmpty()) {
      all.addAll(imageCommand);
    }
    if (all.isEmpty() || all.getFirst().isEmpty()) {
      throw CriException.invalid("no command: neither the request nor the image names one");
    }
    return new Words(all);
  }

  /**
   * The flags, at the end of all others. rkt's command line loses empty arguments and ends at three
   * dashes, so both are refused; its systemd reads a percent sign as the beginning of something.
   *
   * @throws CriException UNIMPLEMENTED for a word that cannot reach the process as it is
   */
  public List<String> flags() {
    List<String> flags = new ArrayList<>();
    flags.add("--exec=" + all.getFirst());
    flags.add("--");
    for (int i = 1; i < all.size(); i++) {
      String word = all.get(i);
      if (word.isEmpty() || word.equals(END)) {
        throw CriException.unimplemented(
            "argument %d, \"%s\": rkt cannot hand over an empty argument or three dashes; let a shell make it"
                .formatted(i, word));
      }
      flags.add(word.replace("%", "%%"));
    }
    flags.add(END);
    return flags;
  }
}
