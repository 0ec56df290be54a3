package io.intermodal.runtime.contract;

import io.intermodal.cri.v1.Signal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** CRI's stop signals and those of images: {@code SIGNAL_SIGRTMINPLUS3} is {@code SIGRTMIN+3}. */
public final class StopSignals {
  private static final String PREFIX = "SIGNAL_SIG";
  private static final int FIRST_REAL_TIME = 34;
  private static final int REAL_TIME_MIDDLE = 50;
  private static final int LAST_REAL_TIME = 64;

  /** Linux' numbers from 1 on, as signal(7) has them for x86 and ARM. */
  private static final List<String> NUMBERED =
      List.of(
          "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
          "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
          "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  private StopSignals() {}

  /** The name of the signal; empty when it is left to the image and the engine. */
  public static Optional<String> name(Signal signal) {
    if (signal == Signal.SIGNAL_RUNTIME_DEFAULT || signal == Signal.UNRECOGNIZED) {
      return Optional.empty();
    }
    return Optional.of(
        "SIG"
            + signal.name().substring(PREFIX.length()).replace("PLUS", "+").replace("MINUS", "-"));
  }

  /**
   * The signal that an image or an engine means: a name with or without {@code SIG}, or a number.
   * "" is what is sent when nothing is said, {@code SIGTERM}; what is no signal is {@code
   * SIGNAL_RUNTIME_DEFAULT}.
   */
  public static Signal of(String name) {
    if (name.isEmpty()) {
      return Signal.SIGNAL_SIGTERM;
    }
    String upper = name.toUpperCase(Locale.ROOT);
    String bare = upper.startsWith("SIG") ? upper.substring(3) : upper;
    if (!bare.isEmpty() && bare.chars().allMatch(Character::isDigit)) {
      bare = bare.length() > 2 ? "" : nameOf(Integer.parseInt(bare));
    }
    try {
      return Signal.valueOf(PREFIX + bare.replace("+", "PLUS").replace("-", "MINUS"));
    } catch (IllegalArgumentException e) {
      return Signal.SIGNAL_RUNTIME_DEFAULT;
    }
  }

  private static String nameOf(int number) {
    if (number >= 1 && number <= NUMBERED.size()) {
      return NUMBERED.get(number - 1);
    }
    if (number == FIRST_REAL_TIME) {
      return "RTMIN";
    }
    if (number > FIRST_REAL_TIME && number < REAL_TIME_MIDDLE) {
      return "RTMIN+" + (number - FIRST_REAL_TIME);
    }
    if (number >= REAL_TIME_MIDDLE && number < LAST_REAL_TIME) {
      return "RTMAX-" + (LAST_REAL_TIME - number);
    }
    return number == LAST_REAL_TIME ? "RTMAX" : "";
  }
}
