package io.intermodal.server.setup.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.runtime.setup.Daemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SupervisedServicesTest {
  @TempDir private Path folder;
  private Service service;
  private SupervisedServices services;

  @BeforeEach
  void a_daemon_that_writes_its_process_number() {
    String program = "echo started >&2; echo $$ >>%s; exec sleep 1000".formatted(pids());
    service =
        new Service("sleeper", new Daemon("sleeper.service", List.of("/bin/sh", "-c", program)));
    services = fresh();
  }

  /** As by another process: nothing is remembered but what is written. */
  private SupervisedServices fresh() {
    return new SupervisedServices(folder.resolve("run"), folder.resolve("log"));
  }

  private Path pids() {
    return folder.resolve("pids");
  }

  @AfterEach
  void it_is_ended() throws IOException {
    services.stop(service);
  }

  private List<String> await(Predicate<List<String>> condition) throws IOException {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (true) {
      List<String> lines = Files.exists(pids()) ? Files.readAllLines(pids()) : List.of();
      if (condition.test(lines)) {
        return lines;
      }
      assertThat(System.nanoTime()).as("still %s", lines).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void a_daemon_runs_until_it_is_stopped_whoever_asks() throws Exception {
    assertThat(services.running(service)).isFalse();
    services.start(service);
    String pid = await(lines -> lines.size() == 1).getFirst();

    assertThat(fresh().running(service)).isTrue();
    assertThat(services.lastWords(service)).contains("started");
    fresh().stop(service);

    assertThat(Path.of("/proc", pid)).doesNotExist();
    assertThat(services.running(service)).isFalse();
  }

  @Test
  void a_daemon_that_dies_is_started_again() throws Exception {
    services.start(service);
    String first = await(lines -> lines.size() == 1).getFirst();

    ProcessHandle.of(Long.parseLong(first)).orElseThrow().destroyForcibly();

    assertThat(await(lines -> lines.size() == 2)).doesNotHaveDuplicates();
    assertThat(services.running(service)).isTrue();
  }

  @Test
  void one_that_runs_is_not_started_twice() throws Exception {
    services.start(service);
    var _ = await(lines -> lines.size() == 1);
    fresh().start(service);
    services.restart(service);

    assertThat(await(lines -> lines.size() == 2)).doesNotHaveDuplicates();
  }

  @Test
  void a_process_number_that_another_has_now_is_not_taken_for_it() throws Exception {
    services.start(service);
    var _ = await(lines -> lines.size() == 1);
    services.stop(service);
    Path note = folder.resolve("run/sleeper.pid");
    Files.writeString(
        note, "%d 1\n".formatted(ProcessHandle.current().pid()), StandardOpenOption.CREATE);

    assertThat(services.running(service)).isFalse();
    services.stop(service);

    assertThat(ProcessHandle.current().isAlive()).isTrue();
  }
}
