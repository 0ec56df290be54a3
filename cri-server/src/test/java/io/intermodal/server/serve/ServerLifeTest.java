package io.intermodal.server.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.ListenableFuture;
import io.intermodal.cri.v1.ExecSyncRequest;
import io.intermodal.cri.v1.ExecSyncResponse;
import io.intermodal.cri.v1.RuntimeServiceGrpc;
import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.server.Client;
import io.intermodal.server.ServerProcess;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process: how it starts, what it says to the service manager, how it ends. */
@Timeout(120)
@Tag("processes")
class ServerLifeTest {
  @TempDir Path folder;

  @Test
  void sigterm_lets_a_call_in_flight_finish_and_takes_no_new_one() throws Exception {
    Path socket = folder.resolve("cri.sock");
    try (ServerProcess server = start("--log-level=debug");
        Client client = new Client(socket);
        Client late = new Client(socket)) {
      server.awaitPrinted("serving scripted on unix://" + socket);
      ListenableFuture<ExecSyncResponse> inFlight =
          RuntimeServiceGrpc.newFutureStub(client.channel())
              .execSync(ExecSyncRequest.newBuilder().setContainerId("c").setTimeout(2).build());
      // Answered after the other one has begun: the connection keeps their order.
      assertThat(version(client)).isEqualTo("1");

      server.terminate();
      server.awaitPrinted("stopping; pods keep running");

      assertThat(inFlight.get(10, TimeUnit.SECONDS).getExitCode()).isEqualTo(7);
      assertThatThrownBy(() -> version(late)).hasMessageContaining("UNAVAILABLE");
      assertThat(server.awaitExit()).isZero();
      assertThat(server.printed())
          .containsSubsequence("rpc=ExecSync", "msg=\"stopping engines\"", "msg=\"stopped\"");
      assertThat(socket).doesNotExist();
    }
  }

  @Test
  void a_call_that_does_not_finish_is_cut_off_after_ten_seconds() throws Exception {
    try (ServerProcess server = start();
        Client client = new Client(folder.resolve("cri.sock"))) {
      server.awaitPrinted("serving scripted");
      ListenableFuture<ExecSyncResponse> stuck =
          RuntimeServiceGrpc.newFutureStub(client.channel())
              .execSync(ExecSyncRequest.newBuilder().setContainerId("c").setTimeout(600).build());
      assertThat(version(client)).isEqualTo("1");

      long start = System.nanoTime();
      server.terminate();

      assertThat(server.awaitExit()).isZero();
      assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isBetween(9L, 15L);
      assertThatThrownBy(() -> stuck.get(5, TimeUnit.SECONDS))
          .hasMessageMatching(".*(UNAVAILABLE|CANCELLED).*");
    }
  }

  @Test
  void after_kill_9_the_next_start_replaces_the_socket() throws Exception {
    try (ServerProcess server = start()) {
      server.awaitPrinted("serving scripted");
      server.kill();
      assertThat(server.awaitExit()).isEqualTo(137);
    }
    assertThat(folder.resolve("cri.sock")).exists();
    Files.delete(folder.resolve("log"));
    try (ServerProcess server = start();
        Client client = new Client(folder.resolve("cri.sock"))) {
      server.awaitPrinted("serving scripted");
      assertThat(version(client)).isEqualTo("1");
    }
  }

  @Test
  void a_second_server_on_the_socket_ends_with_one_line_that_names_the_first() throws Exception {
    try (ServerProcess first = start();
        ServerProcess second = startAfter(first)) {
      assertThat(second.awaitExit()).isEqualTo(1);
      assertThat(second.printed())
          .isEqualTo(
              "intermodal serve: another server (pid %d) answers on %s: stop it, or set another --listen\n"
                  .formatted(first.pid(), folder.resolve("cri.sock")));
    }
  }

  @Test
  void a_socket_from_the_service_manager_is_served_and_outlives_the_server() throws Exception {
    Path socket = folder.resolve("activated.sock");
    Path log = folder.resolve("log");
    // Twice on the same socket, as systemd starts a service anew.
    String launcher =
        """
        use Socket; use POSIX;
        my $path = shift;
        socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die $!;
        bind($s, sockaddr_un($path)) or die $!; listen($s, 16) or die $!;
        fileno($s) == 3 or POSIX::dup2(fileno($s), 3) or die $!;
        fcntl($s, F_SETFD, 0) or die $!;
        for my $turn (1, 2) {
          my $pid = fork();
          if (!$pid) { $ENV{LISTEN_FDS} = 1; $ENV{LISTEN_PID} = $$; exec @ARGV or die $!; }
          open(my $f, '>', "$path.$turn"); print $f $pid; close $f;
          waitpid($pid, 0); print "turn $turn ended with $?\\n";
        }
        """;
    List<String> command = new ArrayList<>(List.of("perl", "-e", launcher, socket.toString()));
    // The flag says another place: the passed socket wins.
    command.addAll(
        ServerProcess.command(
            "serve",
            "--container-runtime=scripted",
            "--listen=unix://" + folder.resolve("not-used.sock")));
    try (ServerProcess manager = ServerProcess.start(log, command)) {
      for (int turn = 1; turn <= 2; turn++) {
        Path pid = folder.resolve("activated.sock." + turn);
        // A client that comes before the server waits for it.
        try (Client client = clientOf(manager, socket, pid)) {
          assertThat(version(client)).isEqualTo("1");
        }
        long server = Long.parseLong(Files.readString(pid));
        ProcessHandle.of(server).orElseThrow().destroy();
        manager.awaitPrinted("turn " + turn + " ended with 0");
        assertThat(socket).exists();
      }
      assertThat(manager.awaitExit()).isZero();
      assertThat(manager.printed()).contains("serving scripted on unix://" + socket);
      assertThat(folder.resolve("not-used.sock")).doesNotExist();
    }
  }

  @Test
  void the_service_manager_is_told_when_it_is_ready_and_when_it_stops() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    Path notify = folder.resolve("notify");
    MultiThreadIoEventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    Channel manager =
        new Bootstrap()
            .group(loop)
            .channel(EpollDomainDatagramChannel.class)
            .handler(
                new SimpleChannelInboundHandler<DomainDatagramPacket>() {
                  @Override
                  protected void channelRead0(
                      ChannelHandlerContext context, DomainDatagramPacket packet) {
                    told.add(packet.content().toString(StandardCharsets.US_ASCII));
                  }
                })
            .bind(new DomainSocketAddress(notify.toFile()))
            .sync()
            .channel();
    try (ServerProcess server =
        ServerProcess.start(folder.resolve("log"), serve(), "NOTIFY_SOCKET", notify.toString())) {
      assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("READY=1");
      assertThat(folder.resolve("cri.sock")).exists();

      server.terminate();
      assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("STOPPING=1");
      assertThat(server.awaitExit()).isZero();
    } finally {
      manager.close().sync();
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  private ServerProcess start(String... more) throws IOException {
    return ServerProcess.start(folder.resolve("log"), serve(more));
  }

  private ServerProcess startAfter(ServerProcess first) throws Exception {
    first.awaitPrinted("serving scripted");
    return ServerProcess.start(folder.resolve("second.log"), serve());
  }

  private List<String> serve(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "serve",
                "--container-runtime=scripted",
                "--state-dir=" + folder.resolve("state"),
                "--cni-conf-dir=" + folder.resolve("no-networks"),
                "--listen=unix://" + folder.resolve("cri.sock")));
    arguments.addAll(List.of(more));
    return ServerProcess.command(arguments.toArray(String[]::new));
  }

  private static Client clientOf(ServerProcess manager, Path socket, Path pid) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!Files.exists(pid) || Files.size(pid) == 0) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not started:\n" + manager.printed());
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return new Client(socket);
  }

  private static String version(Client client) {
    return client.runtime().version(VersionRequest.getDefaultInstance()).getRuntimeVersion();
  }
}
