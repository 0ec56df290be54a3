package io.intermodal.crio;

import io.intermodal.runtime.CriException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What CRI-O says when it refuses to stop or to remove. About a pod that is gone it has always been
 * silent, about a container from 1.31 on.
 *
 * <p>Its NOT_FOUND also stands for an empty id, for a container that is still being made and for an
 * id that is the beginning of several ("... not found: Multiple IDs found with provided prefix"),
 * and its first versions knew no code but UNKNOWN. So the words decide, and all of them: an
 * executable that is not found must not take a container for gone.
 */
final class Refusals {
  private static final String NAMED = "(could not find (container|pod) \".*\": )?";

  /** Of {@code GetContainerFromShortID} and {@code getPodSandboxFromRequest}, 1.16 to 1.36. */
  private static final List<Pattern> GONE =
      List.of(
          Pattern.compile(
              NAMED
                  + "(container|pod|PodSandbox) with ID starting with .* not found:"
                  + " ID does not exist"),
          Pattern.compile(NAMED + "specified (container|pod|pod sandbox) not found: \\w+"));

  private Refusals() {}

  static boolean meanGone(CriException.Code code, String said) {
    return (code == CriException.Code.NOT_FOUND || code == CriException.Code.UNKNOWN)
        && GONE.stream().anyMatch(words -> words.matcher(said).matches());
  }
}
