package io.intermodal.server.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.intermodal.server.grpc.ServedScript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole program on a pseudo terminal, which Python's {@code pty} makes. It waits for words on
 * the screen, does something, and compares the terminal's mode before and after.
 */
class OnTerminalTest {
  /** Of a build machine that does much else. */
  private static final int PATIENCE_SECONDS = 90;

  private static final String SCRIPT =
      """
      import fcntl, os, pty, select, signal, struct, sys, termios, time
      steps, command = sys.argv[1].split(';'), sys.argv[2:]
      master, slave = pty.openpty()
      fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 12, 100, 0, 0))
      before = termios.tcgetattr(slave)
      pid = os.fork()
      if pid == 0:
          os.setsid()
          fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
          for fd in range(3):
              os.dup2(slave, fd)
          # Whatever the tests were started with: a shell's background ignores Ctrl-C.
          signal.signal(signal.SIGINT, signal.SIG_DFL)
          os.execv(command[0], command)
      seen = b''
      def read(timeout):
          global seen
          if select.select([master], [], [], timeout)[0]:
              data = os.read(master, 65536)
              seen += data
              sys.stdout.buffer.write(data)
      def await_text(text):
          global seen
          while text not in seen:
              read(1)
          seen = seen[seen.index(text) + len(text):]
      for step in steps:
          what, _, argument = step.partition('=')
          if what == 'see':
              await_text(argument.encode())
          elif what == 'press':
              os.write(master, argument.encode())
          elif what == 'raw':
              assert not termios.tcgetattr(slave)[3] & (termios.ICANON | termios.ECHO)
          elif what == 'size':
              fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 12, int(argument), 0, 0))
          elif what == 'kill':
              os.kill(pid, signal.SIGTERM)
      while True:
          read(0.05)
          done, status = os.waitpid(pid, os.WNOHANG)
          if done:
              break
      while select.select([master], [], [], 0)[0]:
          read(0)
      sys.stdout.flush()
      print('\\n--', 'same' if termios.tcgetattr(slave) == before else 'changed',
            os.waitstatus_to_exitcode(status))
      """;

  @TempDir Path folder;

  @BeforeEach
  void python() throws IOException, InterruptedException {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/python3")), "no python3, which makes the terminal");
  }

  @Test
  void keys_sort_and_quit_and_the_terminal_is_as_before() throws Exception {
    String screen = run("see=by cpu;see=main-2;raw;press=m;see=by memory;press=q");

    assertThat(screen).contains("\033[?1049h").contains("\033[?25h");
    assertThat(screen).endsWith("\033[?1049l\n-- same 0\n");
  }

  @Test
  void the_terminal_is_given_back_on_sigterm() throws Exception {
    assertThat(run("see=main-2;kill")).endsWith("\033[?1049l\n-- same 143\n");
  }

  @Test
  void ctrl_c_ends_it_and_gives_the_terminal_back() throws Exception {
    assertThat(run("see=main-2;press=\u0003")).endsWith("\033[?1049l\n-- same 130\n");
  }

  @Test
  void another_size_of_the_window_is_noticed_without_a_key() throws Exception {
    assertThat(run("see=RX/s;size=40;see=CON~;press=q")).endsWith("-- same 0\n");
  }

  private String run(String steps) throws IOException, InterruptedException {
    Path socket = folder.resolve("s");
    Path screen = folder.resolve("screen");
    List<String> command = new ArrayList<>(List.of("/usr/bin/python3", "-c", SCRIPT, steps));
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "io.intermodal.server.Intermodal",
            "top",
            "-d",
            "0.2",
            "-r",
            "unix://" + socket));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(screen.toFile())
            .redirectError(folder.resolve("errors").toFile());
    builder.environment().put("TERM", "xterm");
    try (var _ = ServedScript.at(socket, new ScriptedStatistics(true))) {
      Process process = builder.start();
      boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      assertThat(Files.readString(folder.resolve("errors"), StandardCharsets.UTF_8)).isEmpty();
      assertThat(ended).as(Files.readString(screen, StandardCharsets.UTF_8)).isTrue();
      return Files.readString(screen, StandardCharsets.UTF_8);
    }
  }
}
