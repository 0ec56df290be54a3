package io.intermodal.tests.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.Engine;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.HostProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many pods come and go: the short form of the benchmark that looks at memory for an hour. */
@EndToEnd(EngineKind.TRANSLATED)
class ChurnIT {
  private static final int WARM_UP = 4;
  private static final int PODS = 24;
  private static final int AT_ONCE = 4;

  /** Connections to the engine that idle are given up after half a minute. */
  private static final Duration SETTLED = Duration.ofSeconds(60);

  private final Engine engine;

  ChurnIT(Engine engine) {
    this.engine = engine;
  }

  @Test
  @Timeout(300)
  void pods_that_came_and_went_leave_no_open_file_and_no_file_of_state() throws Exception {
    try (Node node = engine.another();
        Cri cri = node.session()) {
      HostProcess server = node.server().process();
      churn(cri, WARM_UP);
      int openFiles = server.openFiles();
      List<Path> state = files(node.server().stateFolder());

      churn(cri, PODS);

      Await.until("no file is open any more", SETTLED, () -> server.openFiles() <= openFiles);
      assertThat(files(node.server().stateFolder())).isEqualTo(state);
      assertThat(cri.ownPods()).isEqualTo(List.of());
      assertThat(cri.containerIds()).isEqualTo(List.of());
    }
  }

  private static void churn(Cri cri, int pods) throws Exception {
    try (var workers = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Callable<Integer>> lives =
          IntStream.range(0, pods).<Callable<Integer>>mapToObj(_ -> () -> life(cri)).toList();
      for (Future<Integer> life : workers.invokeAll(lives)) {
        assertThat(life.get()).isZero();
      }
    }
  }

  /** Runs a pod whose container ends by itself, and returns its exit code. */
  private static int life(Cri cri) {
    Pod pod = cri.runPod();
    Container container = pod.start("echo one; echo two");
    int exitCode = container.awaitExit().getExitCode();
    pod.stop();
    pod.remove();
    return exitCode;
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
