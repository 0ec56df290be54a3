package io.intermodal.runtime.setup;

/**
 * Something that is wrong, or will be.
 *
 * @param severity whether pods run in spite of it
 * @param subject what has it: an engine, a file, a setting of the kernel
 * @param problem one sentence: what is found and what follows from it
 * @param mend the exact mend: a command, or the line of a file
 */
public record Finding(Severity severity, String subject, String problem, String mend) {
  /** How bad it is. */
  public enum Severity {
    /** No pod runs, or the next one will not. */
    BROKEN,
    /** Pods run, and something that is expected of a node does not work. */
    DOUBTFUL
  }
}
