package io.intermodal.server.top;

import io.intermodal.runtime.CriException;
import io.intermodal.server.top.table.Page;
import io.intermodal.server.top.table.SortKey;
import io.intermodal.server.top.table.Table;
import io.intermodal.server.top.terminal.Key;
import io.intermodal.server.top.terminal.Terminal;
import io.intermodal.server.top.terminal.TerminalSize;
import io.intermodal.server.top.usage.Pod;
import io.intermodal.server.top.usage.Sampler;
import io.intermodal.server.top.usage.Usage;
import java.io.IOException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The screen and what is pressed. Sampling has a thread of its own: a server that takes its time
 * holds up no key. Everything else happens on the thread that runs this, one event at a time.
 */
final class LiveView {
  /** How long a window may have another size before the page has it too. */
  private static final long LOOK_AT_SIZE_MILLIS = 200;

  private final TopOptions options;
  private final String server;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  private List<Pod<Usage>> pods;
  private Table.Choice choice;
  private Optional<String> trouble = Optional.empty();
  private int offset;
  private int visible;

  /** Something that changes what is shown. */
  sealed interface Event {
    /** Something was pressed. */
    record Pressed(Key key) implements Event {}

    /** The server answered. */
    record Fresh(List<Pod<Usage>> pods) implements Event {}

    /** The server did not answer. */
    record Stale(CriException reason) implements Event {}

    /** The sampling ended by a fault. */
    record Broken(RuntimeException fault) implements Event {}

    /** The terminal hung up, or its keys cannot be read. */
    record Gone(Optional<IOException> reason) implements Event {}
  }

  /**
   * @param first what is shown before the second sample is there
   */
  LiveView(TopOptions options, List<Pod<Usage>> first) {
    this.options = options;
    this.server = "unix://" + options.socket();
    this.pods = first;
    this.choice = options.choice();
  }

  /**
   * Shows it until someone quits or it is enough.
   *
   * @return whether the last sample went well
   */
  boolean run(Terminal terminal, Sampler sampler) throws IOException, InterruptedException {
    terminal.readKeys(
        key -> events.add(new Event.Pressed(key)), reason -> events.add(new Event.Gone(reason)));
    Thread sampling = Thread.ofVirtual().name("sampling").start(() -> sample(sampler));
    try {
      int left = options.iterations().orElse(0);
      TerminalSize size = draw(terminal);
      while (true) {
        Event event = events.poll(LOOK_AT_SIZE_MILLIS, TimeUnit.MILLISECONDS);
        if (event == null) {
          if (!terminal.size().equals(size)) {
            size = draw(terminal);
          }
          continue;
        }
        if (!handle(event)) {
          return trouble.isEmpty();
        }
        size = draw(terminal);
        boolean sampled = event instanceof Event.Fresh || event instanceof Event.Stale;
        if (sampled && --left == 0) {
          return trouble.isEmpty();
        }
      }
    } finally {
      sampling.interrupt();
    }
  }

  private void sample(Sampler sampler) {
    try {
      Thread.sleep(options.firstDelay());
      while (true) {
        events.add(once(sampler));
        Thread.sleep(options.delay());
      }
    } catch (InterruptedException e) {
      // The view has ended.
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      events.add(new Event.Broken(e));
    }
  }

  private static Event once(Sampler sampler) {
    try {
      return new Event.Fresh(sampler.sample());
    } catch (CriException e) {
      return new Event.Stale(e);
    }
  }

  private TerminalSize draw(Terminal terminal) {
    TerminalSize size = terminal.size();
    terminal.screen().draw(page(size).lines());
    return size;
  }

  /** What is on the screen now. */
  Page page(TerminalSize size) {
    Page page =
        Page.of(
            new Page.Content(server, pods, choice, trouble), offset, size.width(), size.height());
    offset = page.offset();
    visible = page.visible();
    return page;
  }

  /**
   * Takes an event in.
   *
   * @return whether it goes on
   * @throws IOException when the keys cannot be read
   */
  boolean handle(Event event) throws IOException {
    switch (event) {
      case Event.Fresh(List<Pod<Usage>> fresh) -> {
        pods = fresh;
        trouble = Optional.empty();
      }
      case Event.Stale(CriException reason) -> trouble = Optional.of(told(reason));
      case Event.Broken(RuntimeException fault) -> throw fault;
      case Event.Gone(Optional<IOException> reason) -> {
        if (reason.isPresent()) {
          throw reason.get();
        }
        return false;
      }
      case Event.Pressed(Key.Letter(char letter)) -> {
        return press(letter);
      }
      case Event.Pressed(Key.Move move) -> scroll(move);
    }
    return true;
  }

  private String told(CriException reason) {
    return "%s no fresh numbers: %s"
        .formatted(
            LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS),
            reason.getMessage());
  }

  private boolean press(char letter) {
    switch (letter) {
      case 'c' -> sortBy(SortKey.CPU);
      case 'm' -> sortBy(SortKey.MEMORY);
      case 'n' -> sortBy(SortKey.NETWORK);
      case 'p' -> sortBy(SortKey.NAME);
      case 'r' -> choice = new Table.Choice(choice.view(), choice.key(), !choice.reversed());
      case 'v' -> choice = new Table.Choice(choice.view().next(), choice.key(), choice.reversed());
      case 'j' -> scroll(Key.Move.DOWN);
      case 'k' -> scroll(Key.Move.UP);
      case ' ' -> scroll(Key.Move.PAGE_DOWN);
      case 'q' -> {
        return false;
      }
      default -> {
        // The keys that mean something stand in the last line.
      }
    }
    return true;
  }

  private void sortBy(SortKey key) {
    choice = new Table.Choice(choice.view(), key, false);
    offset = 0;
  }

  /** Beyond the ends is brought back by the page. */
  private void scroll(Key.Move move) {
    offset =
        switch (move) {
          case UP -> offset - 1;
          case DOWN -> offset + 1;
          case PAGE_UP -> offset - visible;
          case PAGE_DOWN -> offset + visible;
          case HOME -> 0;
          case END -> Integer.MAX_VALUE;
        };
  }
}
