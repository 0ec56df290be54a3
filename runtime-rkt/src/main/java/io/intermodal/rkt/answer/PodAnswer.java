package io.intermodal.rkt.answer;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * A pod as {@code rkt status} and {@code rkt list} show it. Both read every pod as an immutable
 * one: the states and times of its apps are wrong there and are not read.
 *
 * @param uuid the pod's id
 * @param state {@code preparing}, {@code prepared}, {@code running}, {@code exited} and others
 * @param createdAt 0 when unknown; whole seconds
 * @param startedAt 0 when unknown; whole seconds
 * @param annotations the user annotations
 * @param apps the names of its apps, in the order in which they were added
 */
public record PodAnswer(
    String uuid,
    String state,
    long createdAt,
    long startedAt,
    Map<String, String> annotations,
    List<String> apps) {
  private static final long NANOS = 1_000_000_000L;

  public PodAnswer {
    annotations = Map.copyOf(annotations);
    apps = List.copyOf(apps);
  }

  public static PodAnswer read(JsonObject pod) {
    return new PodAnswer(
        Json.string(pod, "name"),
        Json.string(pod, "state"),
        Json.number(pod, "created_at") * NANOS,
        Json.number(pod, "started_at") * NANOS,
        Json.map(pod, "user_annotations"),
        Json.strings(pod, "app_names"));
  }

  public boolean running() {
    return state.equals("running");
  }

  /** Whether it will never run again. */
  public boolean ended() {
    return state.startsWith("exited") || state.contains("garbage") || state.equals("deleting");
  }
}
