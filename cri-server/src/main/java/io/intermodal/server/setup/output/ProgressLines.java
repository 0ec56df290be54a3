package io.intermodal.server.setup.output;

import io.intermodal.server.setup.change.Progress;
import java.io.PrintStream;

/** Says line by line what happens. */
public final class ProgressLines implements Progress {
  private final PrintStream out;

  public ProgressLines(PrintStream out) {
    this.out = out;
  }

  @Override
  public void began(String what) {
    out.println(what + " …");
  }

  @Override
  public void done(String what) {
    out.println(what);
  }
}
