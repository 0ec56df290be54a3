package io.intermodal.server.top;

import io.intermodal.runtime.CriException;
import io.intermodal.server.client.CriClient;
import io.intermodal.server.top.terminal.Terminal;
import io.intermodal.server.top.usage.Sampler;
import java.io.IOException;
import java.io.PrintStream;

/** Shows what the pods of a CRI server use. */
public final class Top {
  private final TopOptions options;
  private final PrintStream out;
  private final PrintStream err;

  /**
   * @param out standard output: the terminal, if it is one
   * @param err where it is told that the server does not answer, when there is no screen
   */
  public Top(TopOptions options, PrintStream out, PrintStream err) {
    this.options = options;
    this.out = out;
    this.err = err;
  }

  /**
   * Shows it until the wished number of tables is shown, someone quits, or nobody reads on.
   *
   * @return whether the last sample went well
   * @throws CriException when the server does not answer from the beginning
   * @throws IOException when the terminal cannot be used
   */
  public boolean run() throws IOException, InterruptedException {
    try (CriClient cri = new CriClient(options.socket())) {
      Sampler sampler = new Sampler(cri, options.filter());
      boolean screen =
          options.form() == TopOptions.Form.SCREEN
              || options.form() == TopOptions.Form.PLAIN_SCREEN;
      if (!screen) {
        return new Report(options, sampler, out, err).run();
      }
      LiveView view = new LiveView(options, sampler.sample());
      boolean coloured = options.form() == TopOptions.Form.SCREEN;
      try (Terminal terminal = Terminal.open(out, coloured)) {
        return view.run(terminal, sampler);
      }
    }
  }
}
