package io.intermodal.server.setup.output;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import io.intermodal.server.setup.change.Change;
import io.intermodal.server.setup.host.FileState;
import java.util.List;

/** What a change does to a file, as diff(1) shows it. */
final class FileDiff {
  private static final int LINES_AROUND = 3;
  private static final String NOTHING = "/dev/null";

  private FileDiff() {}

  static List<String> lines(Change.OfFile change) {
    List<String> before =
        change.present().map(FileState::text).map(FileDiff::split).orElse(List.of());
    List<String> after = change.wanted().map(FileDiff::split).orElse(List.of());
    String path = change.path().toString();
    return UnifiedDiffUtils.generateUnifiedDiff(
        change.present().isPresent() ? path : NOTHING,
        change.wanted().isPresent() ? path : NOTHING,
        before,
        DiffUtils.diff(before, after),
        LINES_AROUND);
  }

  private static List<String> split(String text) {
    return text.lines().toList();
  }
}
