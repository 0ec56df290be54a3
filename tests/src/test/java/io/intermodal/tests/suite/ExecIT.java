package io.intermodal.tests.suite;

import static io.intermodal.tests.cri.Container.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.intermodal.cri.v1.ExecSyncRequest;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.NotOnCrio;
import io.intermodal.tests.engine.OnlyTranslated;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.HostProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** ExecSync: a command in a running container, with its output and its exit code. */
@EndToEnd({
  EngineKind.TRANSLATED,
  EngineKind.FORWARDED,
  EngineKind.FORWARDED_NEWER,
  EngineKind.FORWARDED_CRIO,
  EngineKind.TRANSLATED_RKT
})
class ExecIT {
  private static final int LIMIT_BYTES = 16 << 20;

  private final Cri cri;

  ExecIT(Cri cri) {
    this.cri = cri;
  }

  @Test
  void output_errors_and_exit_code_come_back_apart() {
    var answer = cri.runPod().startIdle().exec("echo out; echo err >&2; exit 3");

    assertThat(text(answer.getStdout())).isEqualTo("out\n");
    assertThat(text(answer.getStderr())).isEqualTo("err\n");
    assertThat(answer.getExitCode()).isEqualTo(3);
  }

  @Test
  void it_runs_where_and_as_whom_the_container_runs() {
    Container container =
        cri.runPod()
            .startIdle(config -> {
              config.setWorkingDir("/var");
              config
                  .getLinuxBuilder()
                  .getSecurityContextBuilder()
                  .getRunAsUserBuilder()
                  .setValue(1234);
              return config;
            });

    assertThat(container.output("id -u; pwd")).isEqualTo("1234\n/var");
  }

  @Test
  @NotOnCrio("answers with exit code -1")
  void a_command_that_takes_too_long_is_an_error_and_its_process_is_gone() {
    Container container = cri.runPod().startIdle();
    String seconds = "98" + ThreadLocalRandom.current().nextInt(1000, 9999);

    assertThatThrownBy(() -> container.exec(List.of("sleep", seconds), 1))
        .extracting(failure -> Status.fromThrowable(failure).getCode())
        .isEqualTo(Status.Code.DEADLINE_EXCEEDED);

    Await.until(
        "the process is gone",
        Duration.ofSeconds(5),
        () -> HostProcess.withCommandLine("sleep " + seconds).isEmpty());
  }

  @Test
  @OnlyTranslated("ends the command alone")
  void the_children_of_a_command_that_takes_too_long_are_gone_too() {
    Container container = cri.runPod().startIdle();
    String seconds = "97" + ThreadLocalRandom.current().nextInt(1000, 9999);

    assertThatThrownBy(() -> container.exec(List.of("sh", "-c", "sleep " + seconds + " & wait"), 1))
        .isInstanceOf(RuntimeException.class);

    Await.until(
        "the processes are gone",
        Duration.ofSeconds(5),
        () -> HostProcess.withCommandLine("sleep " + seconds).isEmpty());
  }

  @Test
  void a_few_megabytes_come_back_whole() {
    var answer = cri.runPod().startIdle().exec("head -c 3000000 /dev/zero | tr '\\0' y");

    assertThat(answer.getStdout().size()).isEqualTo(3_000_000);
    assertThat(answer.getStdout().toByteArray()).containsOnly('y');
  }

  @Test
  void more_output_than_16_mebibytes_is_cut_or_refused_and_harms_nobody() {
    Container container = cri.runPod().startIdle();

    try {
      var answer = container.exec("head -c 40000000 /dev/zero; head -c 40000000 /dev/zero >&2");
      assertThat(answer.getStdout().size() + answer.getStderr().size())
          .isLessThanOrEqualTo(LIMIT_BYTES);
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode())
          .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.OUT_OF_RANGE);
    }

    assertThat(container.output("echo still here")).isEqualTo("still here");
  }

  @Test
  void an_unknown_command_is_an_error_or_exit_code_that_says_so() {
    Container container = cri.runPod().startIdle();

    try {
      assertThat(container.exec(List.of("/no/such/program"), 10).getExitCode()).isIn(126, 127);
    } catch (StatusRuntimeException e) {
      assertThat(e).hasMessageContaining("/no/such/program");
    }
  }

  @Test
  void an_unknown_container_is_not_found() {
    assertThatThrownBy(() ->
            cri.runtime()
                .execSync(
                    ExecSyncRequest.newBuilder()
                        .setContainerId("no-such-container")
                        .addCmd("true")
                        .build()))
        .hasMessageContaining("no-such-container")
        .extracting(failure -> Status.fromThrowable(failure).getCode())
        .isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  @OnlyTranslated("does not name the container")
  void a_container_that_does_not_run_has_no_exec() {
    Container container = cri.runPod().start("exit 0");
    container.awaitExit();

    assertThatThrownBy(() -> container.exec("true"))
        .hasMessageContaining(container.id())
        .extracting(failure -> Status.fromThrowable(failure).getCode())
        .isEqualTo(Status.Code.FAILED_PRECONDITION);
  }
}
