package io.intermodal.server.demo;

import io.intermodal.runtime.CriException;
import java.io.PrintStream;
import java.time.Duration;

/** Runs steps one after the other and prints a line for each: its name, its time, its object. */
final class Steps {
  private final PrintStream out;
  private final long begin = System.nanoTime();
  private int done;

  /** Something that ends well with a description of what it did or saw. */
  @FunctionalInterface
  interface Step {
    String run() throws DemoException;
  }

  Steps(PrintStream out) {
    this.out = out;
  }

  /**
   * Runs a step.
   *
   * @throws DemoException what the step threw, also when a call failed, with the step's name before
   */
  void run(String name, Step step) throws DemoException {
    long start = System.nanoTime();
    try {
      String seen = step.run();
      print(name, start, seen);
      done++;
    } catch (DemoException | CriException e) {
      print(name, start, "FAILED");
      throw new DemoException(name + ": " + e.getMessage(), e);
    }
  }

  int done() {
    return done;
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private void print(String name, long start, String text) {
    out.printf("  %-10s %6d ms  %s%n", name, (System.nanoTime() - start) / 1_000_000, text);
  }
}
