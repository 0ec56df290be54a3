package io.intermodal.server.top;

import io.intermodal.runtime.CriException;
import io.intermodal.server.top.table.Table;
import io.intermodal.server.top.usage.Pod;
import io.intermodal.server.top.usage.Sampler;
import io.intermodal.server.top.usage.Usage;
import java.io.PrintStream;
import java.util.List;

/** Prints tables or JSON one after the other, for a file or another program. */
final class Report {
  /** Wide enough for every column; names are not cut unless they are endless. */
  private static final int WIDTH = 400;

  private final TopOptions options;
  private final Sampler sampler;
  private final PrintStream out;
  private final PrintStream err;

  Report(TopOptions options, Sampler sampler, PrintStream out, PrintStream err) {
    this.options = options;
    this.sampler = sampler;
    this.out = out;
    this.err = err;
  }

  /**
   * Prints until it is enough or nobody reads on.
   *
   * @return whether the last sample went well
   * @throws CriException when the server does not answer from the beginning
   */
  boolean run() throws InterruptedException {
    // Without anything to compare with there are no rates: this one is not printed.
    sampler.sample();
    Thread.sleep(options.firstDelay());
    int count = 0;
    while (true) {
      boolean well = print(count > 0);
      count++;
      if (count == options.iterations().orElse(0) || out.checkError()) {
        return well;
      }
      Thread.sleep(options.delay());
    }
  }

  private boolean print(boolean further) {
    try {
      List<Pod<Usage>> pods = sampler.sample();
      if (options.form() == TopOptions.Form.JSON) {
        out.println(UsageJson.of(pods));
        return true;
      }
      if (further) {
        out.println();
      }
      Table.lines(pods, options.choice(), WIDTH).forEach(out::println);
      return true;
    } catch (CriException e) {
      err.println("intermodal top: " + e.getMessage());
      return false;
    }
  }
}
