package io.intermodal.server.setup.output;

import io.intermodal.server.setup.change.Change;
import io.intermodal.server.setup.service.Services;
import java.util.ArrayList;
import java.util.List;

/** A plan for people: each change, why it is made, and what it does to a file. */
public final class PlanText {
  private final Wording wording;

  public PlanText(Services services) {
    this.wording = new Wording(services);
  }

  /** The lines. */
  public List<String> lines(List<Change> changes) {
    List<String> lines = new ArrayList<>();
    for (Change change : changes) {
      lines.add("%s: %s".formatted(wording.of(change), change.reason()));
      if (change instanceof Change.OfFile file) {
        FileDiff.lines(file).forEach(line -> lines.add("    " + line));
      }
    }
    lines.add(
        changes.isEmpty()
            ? "nothing is to be changed"
            : "%d change%s".formatted(changes.size(), changes.size() == 1 ? "" : "s"));
    return lines;
  }
}
