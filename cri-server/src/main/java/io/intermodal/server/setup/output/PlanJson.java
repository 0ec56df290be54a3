package io.intermodal.server.setup.output;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.intermodal.server.setup.change.Change;
import io.intermodal.server.setup.service.Services;
import java.util.List;

/**
 * A plan for programs: {@code {"changes": [{"kind": "file", "what": …, "why": …, "diff": […]}]}}.
 */
public final class PlanJson {
  private final Wording wording;

  public PlanJson(Services services) {
    this.wording = new Wording(services);
  }

  /** The object. */
  public JsonObject of(List<Change> changes) {
    JsonArray all = new JsonArray();
    for (Change change : changes) {
      JsonObject json = new JsonObject();
      json.addProperty("kind", kind(change));
      json.addProperty("what", wording.of(change));
      json.addProperty("why", change.reason());
      if (change instanceof Change.OfFile file) {
        json.addProperty("path", file.path().toString());
        JsonArray diff = new JsonArray();
        FileDiff.lines(file).forEach(diff::add);
        json.add("diff", diff);
      }
      all.add(json);
    }
    JsonObject plan = new JsonObject();
    plan.add("changes", all);
    return plan;
  }

  private static String kind(Change change) {
    return switch (change) {
      case Change.OfFile _ -> "file";
      case Change.OfKernelSetting _ -> "kernel";
      case Change.OfRule _ -> "rule";
      case Change.OfService _ -> "service";
      case Change.Restored _ -> "restored";
    };
  }
}
