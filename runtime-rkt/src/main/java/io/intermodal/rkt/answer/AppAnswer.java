package io.intermodal.rkt.answer;

import com.google.gson.JsonObject;
import java.util.Map;
import java.util.OptionalInt;

/**
 * An app as {@code rkt app status} shows it.
 *
 * @param name unique in its pod
 * @param state {@code created}, {@code running}, {@code exited} or {@code unknown}
 * @param createdAt 0 when unknown
 * @param startedAt 0 when it never was
 * @param finishedAt 0 when it has not, and for an app whose pod was killed
 * @param exitCode the exit code, or the number of the signal that ended it; empty as {@code
 *     finishedAt}
 * @param imageId rkt's id of its image, {@code sha512-…}
 * @param annotations the user annotations
 */
public record AppAnswer(
    String name,
    String state,
    long createdAt,
    long startedAt,
    long finishedAt,
    OptionalInt exitCode,
    String imageId,
    Map<String, String> annotations) {
  public AppAnswer {
    annotations = Map.copyOf(annotations);
  }

  public static AppAnswer read(JsonObject app) {
    return new AppAnswer(
        Json.string(app, "name"),
        Json.string(app, "state"),
        Json.number(app, "created_at"),
        Json.number(app, "started_at"),
        Json.number(app, "finished_at"),
        app.has("exit_code")
            ? OptionalInt.of((int) Json.number(app, "exit_code"))
            : OptionalInt.empty(),
        Json.string(app, "image_id"),
        Json.map(app, "user_annotations"));
  }

  public boolean exited() {
    return state.equals("exited");
  }
}
