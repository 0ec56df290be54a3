package io.intermodal.server.command.node;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.intermodal.server.command.Subcommand;
import io.intermodal.server.config.Setting;
import io.intermodal.server.setup.NodeInHand;
import io.intermodal.server.setup.journal.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code intermodal node status}: what this node is, and what was changed for it. */
final class NodeStatusCommand implements Subcommand {
  @Override
  public String name() {
    return "status";
  }

  @Override
  public String description() {
    return "Shows which engines this node is on, its daemons, and all that was changed for it. Exits"
        + " with 0 when all daemons run.";
  }

  @Override
  public List<Setting<?>> settings() {
    return NodeAccess.SETTINGS;
  }

  @Override
  public void describe(CommandSpec spec) {
    Output.describe(spec);
  }

  @Override
  public int run(Invocation invocation) throws Exception {
    Output output = Output.of(invocation);
    try (NodeAccess access = NodeAccess.open(invocation)) {
      NodeInHand node = access.node();
      List<String> engines = node.optionsOrNone().engines();
      JsonArray changed = new JsonArray();
      boolean allRun = true;
      for (Entry entry : node.journal().entries()) {
        JsonObject json = new JsonObject();
        json.addProperty("what", entry.subject());
        json.addProperty("state", state(entry, node));
        changed.add(json);
        allRun &=
            !(entry instanceof Entry.ChangedService service)
                || node.machine().services().running(service.service());
      }
      output.print(lines(engines, changed), json(engines, changed), invocation.out());
      return !engines.isEmpty() && allRun ? OK : FAILED;
    }
  }

  private static String state(Entry entry, NodeInHand node) throws IOException {
    return switch (entry) {
      case Entry.ChangedFile file -> {
        boolean ours = file.isAsWritten(node.machine().files().state(file.path()));
        String what =
            file.written().isEmpty()
                ? "moved aside"
                : file.before().isEmpty() ? "written" : "edited";
        yield ours ? what : what + ", and changed by others since";
      }
      case Entry.ChangedKernelSetting setting -> "was " + setting.before();
      case Entry.AddedRule _ -> "added";
      case Entry.ChangedService service -> {
        boolean runs = node.machine().services().running(service.service());
        yield "%s, %s before"
            .formatted(runs ? "runs" : "does not run", service.ranBefore() ? "ran" : "did not run");
      }
      case Entry.FoundOnNode found ->
          "%d pods and %d images were there before"
              .formatted(found.pods().size(), found.images().size());
    };
  }

  private static List<String> lines(List<String> engines, JsonArray changed) {
    List<String> lines = new ArrayList<>();
    lines.add(
        engines.isEmpty()
            ? "this machine is no node: \"intermodal node up\" makes it one"
            : "a node on " + String.join(", ", engines));
    changed.forEach(element -> {
      JsonObject json = element.getAsJsonObject();
      lines.add(
          "%s: %s".formatted(json.get("what").getAsString(), json.get("state").getAsString()));
    });
    return lines;
  }

  private static JsonObject json(List<String> engines, JsonArray changed) {
    JsonArray names = new JsonArray();
    engines.forEach(names::add);
    JsonObject status = new JsonObject();
    status.add("engines", names);
    status.add("changed", changed);
    return status;
  }
}
