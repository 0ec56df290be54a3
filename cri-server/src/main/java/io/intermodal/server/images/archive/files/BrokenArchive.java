package io.intermodal.server.images.archive.files;

import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import org.jspecify.annotations.Nullable;

/** What is said about an archive that cannot be used. */
public final class BrokenArchive {
  private BrokenArchive() {}

  /**
   * @param archive as it was named
   * @param problem what follows after its name: {@code ends in the middle}
   */
  public static CriException because(String archive, String problem) {
    return because(archive, problem, null);
  }

  public static CriException because(String archive, String problem, @Nullable Throwable cause) {
    return new CriException(Code.INVALID_ARGUMENT, archive + " " + problem, cause);
  }
}
