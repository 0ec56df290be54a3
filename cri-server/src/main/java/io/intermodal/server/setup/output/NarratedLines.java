package io.intermodal.server.setup.output;

import io.intermodal.server.setup.change.Narrator;
import java.io.PrintStream;

/** Says line by line what happens. */
public final class NarratedLines implements Narrator {
  private final PrintStream out;

  public NarratedLines(PrintStream out) {
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
