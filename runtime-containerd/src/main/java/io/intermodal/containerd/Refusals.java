package io.intermodal.containerd;

import io.intermodal.runtime.CriException;
import java.util.stream.Stream;

/**
 * What containerd says when it refuses to stop or to remove. From 1.7 on it is silent about what is
 * gone; until 1.6 StopContainer and StopPodSandbox end with NOT_FOUND.
 *
 * <p>The code alone does not tell: a sandbox that is still there can miss something else, such as
 * its sandbox controller, and then the code is the same. A text that begins otherwise, as in
 * "failed to remove container ...: get container info: ...", is about a part of what was named.
 */
final class Refusals {
  private Refusals() {}

  /** As containerd 1.4.13 and 1.6.20 say it; the third when only its CRI plugin still knows it. */
  static boolean meanGone(CriException.Code code, String said) {
    return code == CriException.Code.NOT_FOUND
        && Stream.of(
                "an error occurred when try to find container ",
                "an error occurred when try to find sandbox ",
                "get container info: container ")
            .anyMatch(said::startsWith);
  }
}
