package io.intermodal.docker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.AttachRequest;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.cri.v1.ExecRequest;
import io.intermodal.cri.v1.PodSandboxStatus;
import io.intermodal.cri.v1.PortForwardRequest;
import io.intermodal.docker.api.DockerApi;
import io.intermodal.docker.container.OverdueEnds;
import io.intermodal.docker.index.Container;
import io.intermodal.docker.index.Index;
import io.intermodal.docker.index.KnownIndex;
import io.intermodal.docker.index.Sandbox;
import io.intermodal.docker.sandbox.PortForward;
import io.intermodal.docker.spec.PodPlace;
import io.intermodal.docker.spec.resources.CgroupSettings;
import io.intermodal.runtime.Call;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.node.StreamingServer;
import io.intermodal.runtime.streaming.Session;
import io.intermodal.runtime.streaming.WantedStreams;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What exec, attach and port-forward offer to clients, and refuse to offer. */
class OffersTest {
  private final DockerApi docker = DockerApi.open("unix:///nowhere");
  private final Index index =
      KnownIndex.of(
          container("running", ContainerState.CONTAINER_RUNNING),
          container("ended", ContainerState.CONTAINER_EXITED));
  private final Offered offered = new Offered();
  private final Exec exec = new Exec(docker, index, offered, new OverdueEnds());
  private final Attach attach = new Attach(docker, index, offered, new OverdueEnds());
  private final PortForward portForward = new PortForward(index, offered);

  @Test
  void execAndAttachOfferTheStreamsThatAreAskedFor() {
    ExecRequest command =
        ExecRequest.newBuilder()
            .setContainerId("run")
            .addCmd("sh")
            .setStdin(true)
            .setStdout(true)
            .setTty(true)
            .build();
    assertThat(exec.offer(command, Call.UNBOUNDED).getUrl()).isEqualTo("http://exec");
    AttachRequest attached =
        AttachRequest.newBuilder()
            .setContainerId("running")
            .setStdout(true)
            .setStderr(true)
            .build();
    assertThat(attach.offer(attached, Call.UNBOUNDED).getUrl()).isEqualTo("http://attach");
    assertThat(offered.streams)
        .containsExactly(
            new WantedStreams(true, true, false, true),
            new WantedStreams(false, true, true, false));
  }

  @Test
  void whatCannotBeMeantOrDoesNotRunIsRefused() {
    ExecRequest.Builder command =
        ExecRequest.newBuilder().setContainerId("running").addCmd("sh").setStdout(true);
    refused(Code.INVALID_ARGUMENT, () -> offer(command.clone().clearCmd()));
    refused(Code.INVALID_ARGUMENT, () -> offer(command.clone().setStdout(false)));
    refused(Code.INVALID_ARGUMENT, () -> offer(command.clone().setTty(true).setStderr(true)));
    refused(Code.NOT_FOUND, () -> offer(command.clone().setContainerId("no")));
    refused(Code.FAILED_PRECONDITION, () -> offer(command.clone().setContainerId("ended")));
    AttachRequest.Builder attached = AttachRequest.newBuilder().setContainerId("running");
    refused(Code.INVALID_ARGUMENT, () -> attach.offer(attached.build(), Call.UNBOUNDED));
    attached.setStdout(true).setContainerId("ended");
    refused(Code.FAILED_PRECONDITION, () -> attach.offer(attached.build(), Call.UNBOUNDED));
  }

  @Test
  void portsAreReachedThroughThePauseProcessOfTheMoment() {
    index.put(sandbox(true, 42));
    assertThat(forward(80).getUrl()).isEqualTo("http://ports");
    Supplier<String> namespace = offered.namespaces.getFirst();
    assertThat(namespace.get()).isEqualTo("/proc/42/ns/net");
    index.put(sandbox(false, 0));
    refused(Code.FAILED_PRECONDITION, namespace::get);
    refused(Code.FAILED_PRECONDITION, () -> forward(80));
    index.remove("pod");
    refused(Code.NOT_FOUND, () -> forward(80));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65_536})
  void whatIsNoPortIsRefused(int port) {
    index.put(sandbox(true, 42));
    refused(Code.INVALID_ARGUMENT, () -> forward(port));
  }

  private Object offer(ExecRequest.Builder command) {
    return exec.offer(command.build(), Call.UNBOUNDED);
  }

  private io.intermodal.cri.v1.PortForwardResponse forward(int port) {
    return portForward.offer(
        PortForwardRequest.newBuilder().setPodSandboxId("pod").addPort(port).build(),
        Call.UNBOUNDED);
  }

  private static void refused(Code code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(CriException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static Container container(String id, ContainerState state) {
    ContainerStatus status = ContainerStatus.newBuilder().setId(id).setState(state).build();
    return new Container(status, "pod", false, 0, "", CgroupSettings.NONE);
  }

  private static Sandbox sandbox(boolean running, long pid) {
    return new Sandbox(
        PodSandboxStatus.newBuilder().setId("pod").build(),
        running,
        pid,
        1,
        running ? 0 : 2,
        new PodPlace("pod", "runc", ""));
  }

  private static final class Offered implements StreamingServer {
    final List<WantedStreams> streams = new ArrayList<>();
    final List<Supplier<String>> namespaces = new ArrayList<>();

    @Override
    public String exec(WantedStreams wanted, Session session) {
      streams.add(wanted);
      return "http://exec";
    }

    @Override
    public String attach(WantedStreams wanted, Session session) {
      streams.add(wanted);
      return "http://attach";
    }

    @Override
    public String portForward(String pod, List<Integer> ports, Supplier<String> networkNamespace) {
      namespaces.add(networkNamespace);
      return "http://ports";
    }
  }
}
