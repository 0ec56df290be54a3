package io.intermodal.server.demo;

import io.intermodal.cri.v1.ContainerStatus;
import io.intermodal.cri.v1.ContainerStatusRequest;
import io.intermodal.cri.v1.CreateContainerRequest;
import io.intermodal.cri.v1.ExecSyncRequest;
import io.intermodal.cri.v1.ExecSyncResponse;
import io.intermodal.cri.v1.Image;
import io.intermodal.cri.v1.ImageSpec;
import io.intermodal.cri.v1.ImageStatusRequest;
import io.intermodal.cri.v1.ListPodSandboxRequest;
import io.intermodal.cri.v1.PodSandbox;
import io.intermodal.cri.v1.PodSandboxFilter;
import io.intermodal.cri.v1.PodSandboxStatusRequest;
import io.intermodal.cri.v1.PullImageRequest;
import io.intermodal.cri.v1.RemoveContainerRequest;
import io.intermodal.cri.v1.RemovePodSandboxRequest;
import io.intermodal.cri.v1.RunPodSandboxRequest;
import io.intermodal.cri.v1.RuntimeCondition;
import io.intermodal.cri.v1.StartContainerRequest;
import io.intermodal.cri.v1.StatusRequest;
import io.intermodal.cri.v1.StopContainerRequest;
import io.intermodal.cri.v1.StopPodSandboxRequest;
import io.intermodal.cri.v1.VersionRequest;
import io.intermodal.cri.v1.VersionResponse;
import io.intermodal.runtime.CriException;
import io.intermodal.server.client.CriClient;
import io.intermodal.server.client.Deadline;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One pod's way through a CRI socket: sandbox, image, container, log line, address, exec, stop,
 * removal. What it made is removed again, also after a failure and after SIGINT or SIGTERM.
 */
public final class Demo {
  private static final Duration LOOK = Duration.ofSeconds(15);
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration CLEAN_UP = Duration.ofSeconds(30);
  private static final int STOP_SECONDS = 5;
  private static final int EXEC_SECONDS = 10;
  private static final int MAX_ANSWER_BYTES = 4096;

  /** What a runtime must be; some report further conditions, as warnings. */
  private static final Set<String> NEEDED = Set.of("RuntimeReady", "NetworkReady");

  private static final String WORDS = "words from inside";

  private final DemoOptions options;
  private final PrintStream out;
  private final PrintStream err;
  private final DemoPod pod;

  // What the steps so far found out. Only the thread that runs them uses it.
  private String sandboxId = "";
  private String containerId = "";
  private String greeting = "";
  private String address = "";

  // Whether there may be something to remove. Guarded by this.
  private boolean began;

  /**
   * @param out where the steps are printed
   * @param err where a failure is explained
   */
  public Demo(DemoOptions options, PrintStream out, PrintStream err) {
    this.options = options;
    this.out = out;
    this.err = err;
    this.pod = DemoPod.of(options);
  }

  /** Runs all steps; answers whether every one went well. */
  public boolean run() {
    try (CriClient cri = new CriClient(options.socket())) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> cleanUp(cri), "demo-clean-up"));
      return run(cri);
    }
  }

  private boolean run(CriClient cri) {
    Steps steps = new Steps(out);
    try {
      Deadline ready = Deadline.in(options.patience());
      steps.run("runtime", () -> awaitReady(cri, ready));
      Deadline deadline = Deadline.in(options.timeout());
      steps.run("sandbox", () -> runSandbox(cri, deadline));
      steps.run("image", () -> findImage(cri, deadline));
      steps.run("container", () -> createContainer(cri, deadline));
      steps.run("start", () -> startContainer(cri, deadline));
      steps.run("log", () -> readLog(cri, deadline.orIn(LOOK)));
      steps.run("address", () -> reachAddress(cri, deadline.orIn(LOOK)));
      steps.run("exec", () -> exec(cri, deadline));
      steps.run("stop", () -> stop(cri, deadline));
      steps.run("removal", () -> remove(cri, deadline));
      out.printf(
          "pod %s answered; all %d steps in %d ms%n",
          address, steps.done(), steps.elapsed().toMillis());
      return true;
    } catch (DemoException | CriException e) {
      err.printf("the demo failed at %s%n", e.getMessage());
      cleanUp(cri);
      return false;
    }
  }

  private String awaitReady(CriClient cri, Deadline ready) throws DemoException {
    while (true) {
      try {
        return checkReady(cri);
      } catch (DemoException | CriException e) {
        if (ready.passed()) {
          throw e;
        }
        Deadline.pause();
      }
    }
  }

  private String checkReady(CriClient cri) throws DemoException {
    Deadline deadline = Deadline.in(LOOK);
    VersionResponse version =
        cri.runtime(deadline, "Version", s -> s.version(VersionRequest.getDefaultInstance()));
    List<RuntimeCondition> conditions =
        cri.runtime(deadline, "Status", s -> s.status(StatusRequest.getDefaultInstance()))
            .getStatus()
            .getConditionsList();
    for (RuntimeCondition condition : conditions) {
      if (!condition.getStatus() && NEEDED.contains(condition.getType())) {
        throw new DemoException(
            "%s is false: %s: %s"
                .formatted(condition.getType(), condition.getReason(), condition.getMessage()));
      }
    }
    return "%s %s on unix://%s"
        .formatted(version.getRuntimeName(), version.getRuntimeVersion(), options.socket());
  }

  private String runSandbox(CriClient cri, Deadline deadline) throws DemoException {
    begin();
    pod.prepare();
    RunPodSandboxRequest request =
        RunPodSandboxRequest.newBuilder().setConfig(pod.sandbox()).build();
    sandboxId =
        cri.runtime(deadline, "RunPodSandbox", s -> s.runPodSandbox(request)).getPodSandboxId();
    return "%s, pod %s/%s".formatted(shortened(sandboxId), DemoPod.NAMESPACE, DemoPod.NAME);
  }

  private String findImage(CriClient cri, Deadline deadline) throws DemoException {
    String name = pod.image();
    ImageSpec image = ImageSpec.newBuilder().setImage(name).build();
    Optional<Image> present = imageStatus(cri, deadline, image);
    if (present.isPresent()) {
      return name + (pod.named().isEmpty() ? ", built in" : ", was here");
    }
    if (pod.named().isEmpty()) {
      throw new DemoException(
          "the server has not loaded the built-in image %s: it uses another sandbox image"
                  .formatted(name)
              + " (--pause-image), or another program. Name a container's image with --image.");
    }
    PullImageRequest request =
        PullImageRequest.newBuilder().setImage(image).setSandboxConfig(pod.sandbox()).build();
    cri.images(deadline, "PullImage", s -> s.pullImage(request));
    if (imageStatus(cri, deadline, image).isEmpty()) {
      throw new DemoException(name + " was pulled without an error and is not there");
    }
    return name + ", pulled";
  }

  private static Optional<Image> imageStatus(CriClient cri, Deadline deadline, ImageSpec image) {
    ImageStatusRequest request = ImageStatusRequest.newBuilder().setImage(image).build();
    var response = cri.images(deadline, "ImageStatus", s -> s.imageStatus(request));
    return response.hasImage() ? Optional.of(response.getImage()) : Optional.empty();
  }

  private String createContainer(CriClient cri, Deadline deadline) {
    CreateContainerRequest request =
        CreateContainerRequest.newBuilder()
            .setPodSandboxId(sandboxId)
            .setConfig(pod.container())
            .setSandboxConfig(pod.sandbox())
            .build();
    containerId =
        cri.runtime(deadline, "CreateContainer", s -> s.createContainer(request)).getContainerId();
    return shortened(containerId);
  }

  private String startContainer(CriClient cri, Deadline deadline) {
    StartContainerRequest request =
        StartContainerRequest.newBuilder().setContainerId(containerId).build();
    cri.runtime(deadline, "StartContainer", s -> s.startContainer(request));
    return String.join(" ", pod.container().getArgsList());
  }

  private String readLog(CriClient cri, Deadline deadline) throws DemoException {
    while (!deadline.passed()) {
      Optional<LogLine> line = LogLine.first(pod.logFile());
      if (line.isPresent()) {
        greeting = line.get().text();
        return quoted(greeting);
      }
      Deadline.pause();
    }
    ContainerStatus status = containerStatus(cri, Deadline.in(LOOK));
    throw new DemoException(
        "no line came into %s; the container is %s, exit code %d, %s %s"
            .formatted(
                pod.logFile(),
                status.getState(),
                status.getExitCode(),
                status.getReason(),
                status.getMessage()));
  }

  private String reachAddress(CriClient cri, Deadline deadline) throws DemoException {
    PodSandboxStatusRequest request =
        PodSandboxStatusRequest.newBuilder().setPodSandboxId(sandboxId).build();
    address =
        cri.runtime(deadline, "PodSandboxStatus", s -> s.podSandboxStatus(request))
            .getStatus()
            .getNetwork()
            .getIp();
    if (address.isEmpty()) {
      throw new DemoException("the pod has no address");
    }
    String answer = ask(deadline);
    if (!answer.equals(greeting + "\n")) {
      throw new DemoException(
          "%s port %d says %s instead of %s"
              .formatted(address, pod.port(), quoted(answer), quoted(greeting)));
    }
    return "%s port %d says the same".formatted(address, pod.port());
  }

  /** Connects until someone answers: a new address may need a moment. */
  private String ask(Deadline deadline) throws DemoException {
    while (true) {
      try (Socket socket = new Socket(Proxy.NO_PROXY)) {
        Duration wait = deadline.orIn(CONNECT).remaining();
        int millis = Math.max(1, (int) wait.toMillis());
        socket.setSoTimeout(millis);
        socket.connect(new InetSocketAddress(InetAddress.getByName(address), pod.port()), millis);
        return new String(
            socket.getInputStream().readNBytes(MAX_ANSWER_BYTES), StandardCharsets.UTF_8);
      } catch (IOException e) {
        if (deadline.passed()) {
          throw new DemoException(
              "%s port %d cannot be reached: %s. Look at the host's routes and packet filters"
                      .formatted(address, pod.port(), e.getMessage())
                  + " (iptables -S FORWARD).",
              e);
        }
        Deadline.pause();
      }
    }
  }

  private String exec(CriClient cri, Deadline deadline) throws DemoException {
    ExecSyncRequest request =
        ExecSyncRequest.newBuilder()
            .setContainerId(containerId)
            .addAllCmd(pod.say(WORDS))
            .setTimeout(EXEC_SECONDS)
            .build();
    ExecSyncResponse response = cri.runtime(deadline, "ExecSync", s -> s.execSync(request));
    String said = response.getStdout().toStringUtf8();
    if (response.getExitCode() != 0 || !said.equals(WORDS + "\n")) {
      throw new DemoException(
          "exit code %d, output %s, errors %s"
              .formatted(
                  response.getExitCode(),
                  quoted(said),
                  quoted(response.getStderr().toStringUtf8())));
    }
    return quoted(WORDS);
  }

  private String stop(CriClient cri, Deadline deadline) throws DemoException {
    StopContainerRequest container =
        StopContainerRequest.newBuilder()
            .setContainerId(containerId)
            .setTimeout(STOP_SECONDS)
            .build();
    cri.runtime(deadline, "StopContainer", s -> s.stopContainer(container));
    int exitCode = containerStatus(cri, deadline).getExitCode();
    StopPodSandboxRequest sandbox =
        StopPodSandboxRequest.newBuilder().setPodSandboxId(sandboxId).build();
    cri.runtime(deadline, "StopPodSandbox", s -> s.stopPodSandbox(sandbox));
    if (exitCode != 0) {
      throw new DemoException(
          "the container ended with exit code %d: it did not get SIGTERM, or not in time"
              .formatted(exitCode));
    }
    return "exit code 0";
  }

  private ContainerStatus containerStatus(CriClient cri, Deadline deadline) {
    ContainerStatusRequest request =
        ContainerStatusRequest.newBuilder().setContainerId(containerId).build();
    return cri.runtime(deadline, "ContainerStatus", s -> s.containerStatus(request)).getStatus();
  }

  private String remove(CriClient cri, Deadline deadline) throws DemoException {
    RemoveContainerRequest container =
        RemoveContainerRequest.newBuilder().setContainerId(containerId).build();
    cri.runtime(deadline, "RemoveContainer", s -> s.removeContainer(container));
    removeSandbox(cri, deadline, sandboxId);
    if (!podsOfThisRun(cri, deadline).isEmpty()) {
      throw new DemoException("the pod was removed without an error and is still listed");
    }
    tidy();
    finish();
    return "nothing is left";
  }

  private List<PodSandbox> podsOfThisRun(CriClient cri, Deadline deadline) {
    ListPodSandboxRequest request =
        ListPodSandboxRequest.newBuilder()
            .setFilter(PodSandboxFilter.newBuilder().putLabelSelector(DemoPod.LABEL, pod.uid()))
            .build();
    return cri.runtime(deadline, "ListPodSandbox", s -> s.listPodSandbox(request)).getItemsList();
  }

  private static void removeSandbox(CriClient cri, Deadline deadline, String id) {
    RemovePodSandboxRequest request =
        RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build();
    cri.runtime(deadline, "RemovePodSandbox", s -> s.removePodSandbox(request));
  }

  private synchronized void begin() {
    began = true;
  }

  private synchronized void finish() {
    began = false;
  }

  private void tidy() throws DemoException {
    try {
      pod.tidy();
    } catch (IOException e) {
      throw new DemoException("the folder %s cannot be removed: %s".formatted(pod.folder(), e), e);
    }
  }

  /**
   * Removes what is there, also a sandbox whose making was not waited for: it is found by its
   * label.
   */
  private synchronized void cleanUp(CriClient cri) {
    if (!began) {
      return;
    }
    began = false;
    try {
      Deadline deadline = Deadline.in(CLEAN_UP);
      for (PodSandbox sandbox : podsOfThisRun(cri, deadline)) {
        StopPodSandboxRequest stop =
            StopPodSandboxRequest.newBuilder().setPodSandboxId(sandbox.getId()).build();
        cri.runtime(deadline, "StopPodSandbox", s -> s.stopPodSandbox(stop));
        removeSandbox(cri, deadline, sandbox.getId());
        err.printf("removed pod %s%n", shortened(sandbox.getId()));
      }
      tidy();
    } catch (DemoException | CriException e) {
      err.printf(
          "what the demo made could not be removed (pods labelled %s=%s): %s%n",
          DemoPod.LABEL, pod.uid(), e.getMessage());
    }
  }

  private static String quoted(String text) {
    return '"' + text.strip() + '"';
  }

  /** As much of an id as other tools print. */
  private static String shortened(String id) {
    return id.length() > 13 ? id.substring(0, 13) : id;
  }
}
