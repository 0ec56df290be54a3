package io.intermodal.containerd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A folder that looks like {@code /proc} with a few processes in it. */
final class KernelsProcesses {
  private final Path proc;
  private int inode = 4000;

  KernelsProcesses(Path proc) throws IOException {
    this.proc = proc;
    Files.createDirectories(proc.resolve("net"));
    Files.writeString(table(), "Num       RefCount Protocol Flags    Type St Inode Path\n");
  }

  Path folder() {
    return proc;
  }

  /** A process that listens on the socket. */
  void listening(long pid, Path socket, String comm, String... commandLine) throws IOException {
    process(pid, comm, commandLine);
    inode++;
    line("00010000", "01", inode, socket);
    descriptor(pid, inode);
  }

  /** A process with an open connection that was accepted from the socket. */
  void connected(long pid, Path socket, String comm) throws IOException {
    process(pid, comm, comm);
    inode++;
    line("00000000", "03", inode, socket);
    descriptor(pid, inode);
  }

  private void process(long pid, String comm, String... commandLine) throws IOException {
    Path process = proc.resolve(Long.toString(pid));
    Files.createDirectories(process.resolve("fd"));
    Files.createDirectories(process.resolve("home"));
    Files.createSymbolicLink(process.resolve("cwd"), process.resolve("home"));
    Files.createSymbolicLink(process.resolve("fd/0"), Path.of("pipe:[1]"));
    Files.writeString(process.resolve("comm"), comm + "\n");
    Files.writeString(process.resolve("cmdline"), String.join("\0", commandLine) + "\0");
  }

  private void descriptor(long pid, int of) throws IOException {
    Files.createSymbolicLink(
        proc.resolve("%d/fd/7".formatted(pid)), Path.of("socket:[%d]".formatted(of)));
  }

  private void line(String flags, String state, int inode, Path socket) throws IOException {
    Files.writeString(
        table(),
        "000000000000abcd: 00000002 00000000 %s 0001 %s %5d %s\n"
            .formatted(flags, state, inode, socket),
        StandardOpenOption.APPEND);
  }

  private Path table() {
    return proc.resolve("net/unix");
  }
}
