package io.intermodal.server.top.terminal;

import io.intermodal.server.top.table.Page;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The terminal's second screen, which leaves what was on the first one as it was. A frame is one
 * write and overwrites the one before instead of clearing it, so that nothing flickers. Any thread
 * may close it; nothing is drawn after that.
 */
public final class Screen implements AutoCloseable {
  private static final String ESC = "\033[";

  /** Second screen, no cursor, and what is too long for a line is not wrapped. */
  private static final String OPEN = ESC + "?1049h" + ESC + "?25l" + ESC + "?7l";

  private static final String CLOSE = ESC + "0m" + ESC + "?7h" + ESC + "?25h" + ESC + "?1049l";
  private static final String TO_END_OF_LINE = ESC + "K";
  private static final String TO_END_OF_SCREEN = ESC + "J";
  private static final String NORMAL = ESC + "0m";

  private final PrintStream out;
  private final boolean coloured;
  private boolean open;

  public Screen(PrintStream out, boolean coloured) {
    this.out = out;
    this.coloured = coloured;
  }

  /** Begins, with an empty screen. */
  public synchronized void open() {
    open = true;
    write(OPEN);
  }

  /** Shows these lines from the top on, and nothing else. */
  public synchronized void draw(List<Page.Line> lines) {
    if (!open) {
      return;
    }
    StringBuilder frame = new StringBuilder(ESC + "H");
    for (int i = 0; i < lines.size(); i++) {
      String style = style(lines.get(i).style());
      frame.append(i == 0 ? "" : "\r\n").append(style).append(lines.get(i).text());
      // Before the rest is erased: some terminals would fill it with the style.
      frame.append(style.isEmpty() ? "" : NORMAL).append(TO_END_OF_LINE);
    }
    write(frame.append(TO_END_OF_SCREEN).toString());
  }

  private String style(Page.Style style) {
    return switch (style) {
      case PLAIN -> "";
      case HEADER -> ESC + "7m";
      case FAINT -> ESC + "2m";
      case TROUBLE -> coloured ? ESC + "31m" : ESC + "1m";
    };
  }

  private void write(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
    out.flush();
  }

  /** Brings back the first screen. */
  @Override
  public synchronized void close() {
    if (open) {
      open = false;
      write(CLOSE);
    }
  }
}
