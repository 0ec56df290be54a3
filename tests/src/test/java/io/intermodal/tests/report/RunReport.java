package io.intermodal.tests.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Prints the outcome of a run, and writes it with each test's time to {@code report.txt}. */
public final class RunReport implements TestExecutionListener {
  private final Map<String, Long> started = new ConcurrentHashMap<>();
  private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();

  private enum Result {
    PASSED,
    FAILED,
    SKIPPED
  }

  private record Outcome(String test, Result result, String reason, long millis) {}

  /** Class, engine and test, joined: the plan is asked while it still knows. */
  private @Nullable TestPlan plan;

  @Override
  public void testPlanExecutionStarted(TestPlan testPlan) {
    plan = testPlan;
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    started.put(test.getUniqueId(), System.nanoTime());
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    outcomes.add(new Outcome(name(test), Result.SKIPPED, reason, 0));
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    String reason = result.getThrowable().map(RunReport::firstLine).orElse("");
    switch (result.getStatus()) {
      case SUCCESSFUL -> {
        if (test.isTest()) {
          outcomes.add(new Outcome(name(test), Result.PASSED, "", millis(test)));
        }
      }
      case FAILED -> outcomes.add(new Outcome(name(test), Result.FAILED, reason, millis(test)));
      case ABORTED -> outcomes.add(new Outcome(name(test), Result.SKIPPED, reason, millis(test)));
    }
  }

  @Override
  public void testPlanExecutionFinished(TestPlan testPlan) {
    List<String> lines = new ArrayList<>();
    Map<String, Integer> reasons = new TreeMap<>();
    for (Outcome outcome : outcomes) {
      if (outcome.result() == Result.SKIPPED) {
        reasons.merge(outcome.reason(), 1, Integer::sum);
      } else if (outcome.result() == Result.FAILED) {
        lines.add("FAILED  " + outcome.test() + ": " + outcome.reason());
      }
    }
    reasons.forEach((reason, count) -> lines.add("skipped " + count + ": " + reason));
    lines.add(
        "%d passed, %d failed, %d skipped"
            .formatted(count(Result.PASSED), count(Result.FAILED), count(Result.SKIPPED)));
    lines.forEach(System.out::println);
    write(lines);
    outcomes.clear();
  }

  private void write(List<String> summary) {
    String folder = System.getProperty("intermodal.tests.folder", "");
    if (folder.isEmpty()) {
      return;
    }
    List<String> lines = new ArrayList<>();
    outcomes.stream()
        .sorted(Comparator.comparing(Outcome::test))
        .forEach(outcome ->
            lines.add(
                "%-7s %6d ms  %s %s"
                    .formatted(
                        outcome.result(), outcome.millis(), outcome.test(), outcome.reason())));
    lines.addAll(summary);
    try {
      Files.createDirectories(Path.of(folder));
      Files.write(Path.of(folder, "report.txt"), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long count(Result result) {
    return outcomes.stream().filter(outcome -> outcome.result() == result).count();
  }

  private long millis(TestIdentifier test) {
    Long start = started.get(test.getUniqueId());
    return start == null ? 0 : (System.nanoTime() - start) / 1_000_000;
  }

  private String name(TestIdentifier test) {
    Deque<String> names = new ArrayDeque<>();
    Optional<TestIdentifier> current = Optional.of(test);
    while (current.isPresent() && current.get().getParentId().isPresent()) {
      names.addFirst(current.get().getDisplayName());
      TestPlan known = plan;
      current = known == null ? Optional.empty() : known.getParent(current.get());
    }
    return String.join(" / ", names);
  }

  private static String firstLine(Throwable failure) {
    String message = String.valueOf(failure.getMessage()).strip();
    return message.lines().limit(4).map(String::strip).reduce((a, b) -> a + " " + b).orElse("");
  }
}
