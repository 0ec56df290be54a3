package io.intermodal.rkt.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.intermodal.rkt.answer.AppAnswer;
import io.intermodal.rkt.answer.PodAnswer;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RktTest {
  private static final String UUID = "28665c8c-1111-2222-3333-444444444444";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;
  private StandIn standIn;
  private Rkt rkt;

  @BeforeEach
  void start() throws IOException {
    standIn = StandIn.in(folder);
    rkt = standIn.rkt();
  }

  @Test
  void the_version_is_found_among_the_others() {
    assertThat(rkt.version(PATIENCE)).isEqualTo("1.30.0");
  }

  @Test
  void a_pod_has_its_times_in_nanoseconds_and_its_annotations() throws IOException {
    standIn.pod(UUID, "running", Map.of("k", "v=w"));
    standIn.app(UUID, "a", "created", Map.of());

    PodAnswer pod = rkt.pod(UUID).orElseThrow();

    assertThat(pod.running()).isTrue();
    assertThat(pod.createdAt()).isEqualTo(1795418282_000_000_000L);
    assertThat(pod.annotations()).containsEntry("k", "v=w");
    assertThat(pod.apps()).containsExactly("a");
    assertThat(rkt.pods()).containsExactly(pod);
  }

  @Test
  void the_state_of_an_app_is_not_what_the_list_of_pods_says() throws IOException {
    standIn.pod(UUID, "running", Map.of());
    standIn.app(UUID, "a", "created", Map.of());

    assertThat(rkt.appStates(UUID)).containsExactly(Map.entry("a", "created"));
    assertThat(rkt.app(UUID, "a").map(AppAnswer::state)).contains("created");
  }

  @Test
  void an_app_that_was_killed_with_its_pod_has_no_exit_code() throws IOException {
    standIn.pod(UUID, "running", Map.of());
    standIn.app(UUID, "a", "running", Map.of());

    rkt.killPod("pod", UUID);

    AppAnswer app = rkt.app(UUID, "a").orElseThrow();
    assertThat(app.exited()).isTrue();
    assertThat(app.exitCode()).isEmpty();
    assertThat(app.finishedAt()).isZero();
  }

  @Test
  void what_is_gone_is_absent_and_its_removal_a_success() throws IOException {
    standIn.pod(UUID, "exited", Map.of());

    assertThat(rkt.pod("nosuch")).isEmpty();
    assertThat(rkt.app(UUID, "nosuch")).isEmpty();
    assertThat(rkt.appStates("nosuch")).isEmpty();
    rkt.remove("container", UUID, "nosuch");
    rkt.killPod("pod", UUID);
    rkt.killPod("pod", "nosuch");
    rkt.removePod("pod", "nosuch");
    rkt.removeImage("image", "sha512-nosuch");
  }

  @Test
  void a_running_pod_is_not_removed_and_the_reason_is_told_without_noise() throws IOException {
    standIn.pod(UUID, "running", Map.of());

    assertThatThrownBy(() -> rkt.removePod("pod sandbox p", UUID))
        .isInstanceOf(CriException.class)
        .hasMessageStartingWith("pod sandbox p: rkt said: rm: pod")
        .hasMessageNotContaining("group")
        .extracting(e -> ((CriException) e).code())
        .isEqualTo(Code.FAILED_PRECONDITION);
  }

  @Test
  void the_image_id_of_a_fetch_is_the_last_line_of_its_output() {
    assertThat(rkt.fetch("image", Path.of("x.aci"))).isEqualTo("sha512-" + "0".repeat(63) + "7");
  }

  @Test
  void a_command_that_hangs_is_killed_with_what_it_started() throws Exception {
    standIn.hang("version");

    assertThatThrownBy(() -> rkt.version(Duration.ofMillis(700)))
        .isInstanceOf(CriException.class)
        .hasMessageContaining("did not end within 700 ms")
        .extracting(e -> ((CriException) e).code())
        .isEqualTo(Code.DEADLINE_EXCEEDED);

    assertThat(
            ProcessHandle.current()
                .descendants()
                .filter(ProcessHandle::isAlive)
                .flatMap(process -> process.info().commandLine().stream())
                .filter(line -> line.contains("sleep 1000")))
        .isEmpty();
  }

  @Test
  void a_missing_program_is_unavailable() {
    Rkt missing = new Rkt(new RktCommand(List.of("/nonexistent/rkt")));

    assertThatThrownBy(() -> missing.version(PATIENCE))
        .isInstanceOf(CriException.class)
        .extracting(e -> ((CriException) e).code())
        .isEqualTo(Code.UNAVAILABLE);
  }

  @Test
  void calls_are_counted_by_their_verbs() throws IOException {
    standIn.pod(UUID, "running", Map.of());
    rkt.appStates(UUID);
    rkt.appStates(UUID);

    assertThat(rkt.counts()).extracting("kind", "count").containsExactly(tuple("rkt app list", 2L));
  }

  @Test
  void the_setting_is_split_at_spaces_outside_of_quotes() {
    assertThat(RktCommand.of(Optional.of("env 'A=b c' \"/opt/my rkt/rkt\" --dir=/x")).words())
        .containsExactly("env", "A=b c", "/opt/my rkt/rkt", "--dir=/x");
    assertThat(RktCommand.of(Optional.empty()).words()).containsExactly("rkt");
    assertThatThrownBy(() -> RktCommand.of(Optional.of("rkt 'x"))).isInstanceOf(CriException.class);
  }

  @Test
  void output_beyond_the_bound_is_dropped_and_the_program_still_ends() {
    ProgramRun.Ended ended =
        new ProgramRun("sh", "-c", "head -c 20000000 /dev/zero; echo last >&2").run(PATIENCE);

    assertThat(ended.succeeded()).isTrue();
    assertThat(ended.output()).hasSize(16 << 20);
    assertThat(ended.errors()).isEqualTo("last\n");
  }

  @Test
  void the_stand_in_was_called_with_the_experiment_enabled() throws IOException {
    standIn.pod(UUID, "running", Map.of());

    rkt.add(
        "container", UUID, "sha512-1", false, List.of("--name=a", "--exec=/bin/true", "--", "---"));

    assertThat(standIn.calls()).last().asString().startsWith("app add " + UUID + " sha512-1");
    assertThat(Files.isDirectory(folder.resolve("pods").resolve(UUID).resolve("apps/a"))).isTrue();
  }
}
