package io.intermodal.rkt.command;

import com.google.gson.JsonObject;
import io.intermodal.rkt.answer.AppAnswer;
import io.intermodal.rkt.answer.ImageAnswer;
import io.intermodal.rkt.answer.Json;
import io.intermodal.rkt.answer.PodAnswer;
import io.intermodal.rkt.command.ProgramRun.Ended;
import io.intermodal.rkt.pod.PodHost;
import io.intermodal.rkt.pod.PodProcess;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import io.intermodal.runtime.EngineFigures;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * rkt's commands. Every method runs one and throws a {@link CriException}: UNAVAILABLE when there
 * is no rkt, DEADLINE_EXCEEDED when it takes longer than it may and was killed, and what a refusal
 * means otherwise, with rkt's words.
 */
public final class Rkt {
  private static final Duration ASKING = Duration.ofSeconds(20);
  private static final Duration CHANGING = Duration.ofSeconds(60);

  /** systemd kills an app that does not end by itself after 90 s. */
  private static final Duration STOPPING = Duration.ofSeconds(100);

  private static final Duration FETCHING = Duration.ofMinutes(10);
  private static final String NO_SUCH_POD = "no matches found for";

  private final RktCommand command;
  private final PodHost host;

  public Rkt(RktCommand command) {
    this(command, PodHost.THIS);
  }

  /**
   * @param host where its pods run
   */
  public Rkt(RktCommand command, PodHost host) {
    this.command = command;
    this.host = host;
  }

  /** Where its pods run. */
  public PodHost host() {
    return host;
  }

  /** How it is called. */
  public RktCommand command() {
    return command;
  }

  /** The calls so far. */
  public List<EngineFigures.Requests> counts() {
    return command.counts();
  }

  /** rkt's own version: {@code 1.30.0}. */
  public String version(Duration patience) {
    Ended ended = command.run(patience, "version");
    return ended
        .output()
        .lines()
        .filter(line -> line.startsWith("rkt Version:"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElseThrow(() -> RktCommand.refused("rkt version", ended));
  }

  /** All pods of rkt's data directory, those that are not ours too. */
  public List<PodAnswer> pods() {
    Ended ended = succeeded("rkt", command.run(ASKING, "list", "--full", "--format=json"));
    return Json.objects(ended.output()).stream().map(PodAnswer::read).toList();
  }

  /** One pod; empty when there is none. */
  public Optional<PodAnswer> pod(String uuid) {
    return pod(uuid, ASKING, "status", uuid, "--format=json");
  }

  /** Waits until the pod runs, or will not. Empty when there is none. */
  public Optional<PodAnswer> awaitReady(String uuid, Duration limit) {
    String wait = "--wait-ready=%ds".formatted(limit.toSeconds());
    return pod(uuid, limit.plus(ASKING), "status", uuid, wait, "--format=json");
  }

  private Optional<PodAnswer> pod(String uuid, Duration limit, String... arguments) {
    Ended ended = command.run(limit, arguments);
    if (!ended.succeeded() && ended.errors().contains(NO_SUCH_POD)) {
      return Optional.empty();
    }
    PodAnswer pod = PodAnswer.read(Json.object(succeeded("pod " + uuid, ended).output()));
    // rkt takes the beginning of an id for the id.
    return Optional.of(pod).filter(found -> found.uuid().equals(uuid));
  }

  /** The processes that are the pod; empty when it does not run. */
  public Optional<PodProcess> podProcess(String uuid) {
    Ended ended = command.run(ASKING, "status", uuid);
    return ended
        .output()
        .lines()
        .filter(line -> line.startsWith("pid="))
        .map(line -> Long.parseLong(line.substring("pid=".length()).strip()))
        .filter(pid -> pid > 0)
        .findFirst()
        .flatMap(pid -> PodProcess.of(host, pid));
  }

  /** The states of a pod's apps by name, in the pod's order; none when there is no such pod. */
  public Map<String, String> appStates(String uuid) {
    Ended ended = command.run(ASKING, "app", "list", uuid, "--no-legend");
    if (!ended.succeeded() && ended.errors().contains(NO_SUCH_POD)) {
      return Map.of();
    }
    Map<String, String> states = new LinkedHashMap<>();
    succeeded("pod " + uuid, ended)
        .output()
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(words -> words.length == 2)
        .forEach(words -> states.put(words[0], words[1]));
    return states;
  }

  /** One app; empty when there is none. */
  public Optional<AppAnswer> app(String uuid, String name) {
    Ended ended = command.run(ASKING, "app", "status", uuid, "--app=" + name, "--format=json");
    if (!ended.succeeded()
        && (ended.errors().contains("cannot find app") || ended.errors().contains(NO_SUCH_POD))) {
      return Optional.empty();
    }
    return Optional.of(AppAnswer.read(Json.object(succeeded("app " + name, ended).output())));
  }

  /**
   * Adds an app to a running pod. One that rkt refuses half way stays in the pod as created and
   * cannot be removed but with the pod.
   *
   * @param object what messages call it
   * @param privileged whether none of rkt's own protections are wanted
   * @param flags those of the app and its arguments, in rkt's order
   */
  public void add(
      String object, String uuid, String imageId, boolean privileged, List<String> flags) {
    List<String> arguments = new ArrayList<>(List.of("app", "add", uuid, imageId));
    if (privileged) {
      arguments.add("--insecure-options=image,ondisk,all-run");
    }
    arguments.addAll(flags);
    var _ = succeeded(object, command.run(CHANGING, arguments));
  }

  /** Starts an app. Success does not mean that its command could be run. */
  public void start(String object, String uuid, String app) {
    var _ = succeeded(object, command.run(CHANGING, "app", "start", uuid, "--app=" + app));
  }

  /** Ends an app: SIGTERM, and after 90 s SIGKILL. What has ended is a success. */
  public void stop(String object, String uuid, String app) {
    var _ = succeeded(object, command.run(STOPPING, "app", "stop", uuid, "--app=" + app));
  }

  /** Removes an app, ending it first; one that is gone is a success. */
  public void remove(String object, String uuid, String app) {
    Ended ended = command.run(STOPPING, "app", "rm", uuid, "--app=" + app);
    if (!ended.succeeded()
        && !ended.errors().contains("nonexistent app")
        && !ended.errors().contains(NO_SUCH_POD)) {
      throw RktCommand.refused(object, ended);
    }
  }

  /** Kills a pod with everything in it; one that has ended or is gone is a success. */
  public void killPod(String object, String uuid) {
    Ended ended = command.run(CHANGING, "stop", "--force", uuid);
    if (!ended.succeeded()
        && !ended.errors().contains(NO_SUCH_POD)
        && !ended.output().contains("already stopped")) {
      throw RktCommand.refused(object, ended);
    }
  }

  /** Removes a pod that has ended; one that is gone is a success. */
  public void removePod(String object, String uuid) {
    Ended ended = command.run(CHANGING, "rm", uuid);
    if (!ended.succeeded() && !ended.errors().contains(NO_SUCH_POD)) {
      throw RktCommand.refused(object, ended);
    }
  }

  /** All images, those that run pods too. */
  public List<ImageAnswer> images() {
    Ended ended = command.run(ASKING, "image", "list", "--full", "--format=json");
    return Json.objects(succeeded("images", ended).output()).stream()
        .map(ImageAnswer::read)
        .toList();
  }

  /** The manifest of an image, in the form of appc. */
  public JsonObject imageManifest(String imageId) {
    Ended ended = command.run(ASKING, "image", "cat-manifest", imageId);
    return Json.object(succeeded("image " + imageId, ended).output());
  }

  /** Takes an image from a file, without asking for a signature, and answers its id. */
  public String fetch(String object, Path file) {
    Ended ended =
        command.run(FETCHING, "fetch", "--insecure-options=image", "--full", file.toString());
    return succeeded(object, ended)
        .output()
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("sha512-"))
        .reduce((_, last) -> last)
        .orElseThrow(() -> RktCommand.refused(object, ended));
  }

  /** Removes an image; one that is gone is a success. */
  public void removeImage(String object, String imageId) {
    Ended ended = command.run(CHANGING, "image", "rm", imageId);
    // It fails with success.
    if (!ended.output().contains("successfully removed")
        && images().stream().anyMatch(image -> image.id().equals(imageId))) {
      throw RktCommand.refused(object, ended);
    }
  }

  private static Ended succeeded(String object, Ended ended) {
    if (ended.succeeded()) {
      return ended;
    }
    if (ended.errors().contains("unknown command \"app\"")) {
      throw new CriException(
          Code.UNIMPLEMENTED,
          object + ": this rkt has no apps: it is older than 1.21, or its environment is not ours");
    }
    throw RktCommand.refused(object, ended);
  }
}
