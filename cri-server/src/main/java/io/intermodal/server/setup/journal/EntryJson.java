package io.intermodal.server.setup.journal;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import io.intermodal.runtime.setup.Daemon;
import io.intermodal.runtime.setup.Leavings;
import io.intermodal.server.setup.host.FileState;
import io.intermodal.server.setup.host.HostNetwork;
import io.intermodal.server.setup.host.PacketRule;
import io.intermodal.server.setup.journal.Entry.AddedRule;
import io.intermodal.server.setup.journal.Entry.ChangedFile;
import io.intermodal.server.setup.journal.Entry.ChangedKernelSetting;
import io.intermodal.server.setup.journal.Entry.ChangedService;
import io.intermodal.server.setup.journal.Entry.FoundOnNode;
import io.intermodal.server.setup.service.Service;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Entries as JSON. */
final class EntryJson {
  private EntryJson() {}

  static JsonObject write(Entry entry) {
    JsonObject json = new JsonObject();
    switch (entry) {
      case ChangedFile file -> {
        json.addProperty("file", file.path().toString());
        file.before().ifPresent(before -> json.add("before", write(before)));
        json.add("madeFolders", strings(file.madeFolders().stream().map(Path::toString).toList()));
        file.written().ifPresent(digest -> json.addProperty("written", digest));
      }
      case ChangedKernelSetting setting -> {
        json.addProperty("kernel", setting.name());
        json.addProperty("before", setting.before());
      }
      case AddedRule(PacketRule rule) -> {
        json.addProperty("filter", rule.program());
        json.addProperty("chain", rule.chain());
        json.add("words", strings(rule.words()));
      }
      case ChangedService service -> {
        json.addProperty("service", service.service().name());
        json.addProperty("unit", service.service().daemon().unit());
        json.add("command", strings(service.service().daemon().command()));
        json.addProperty("ranBefore", service.ranBefore());
        json.addProperty("enabledBefore", service.enabledBefore());
        service.startedWith().ifPresent(digest -> json.addProperty("startedWith", digest));
        json.add("interfaces", strings(service.leavings().interfaces()));
        json.add("chains", strings(service.leavings().chains()));
        json.add(
            "paths", strings(service.leavings().paths().stream().map(Path::toString).toList()));
        json.add("interfacesBefore", strings(service.network().interfaces()));
        JsonObject filters = new JsonObject();
        service.network().filters().forEach(filters::addProperty);
        json.add("filtersBefore", filters);
      }
      case FoundOnNode found -> {
        json.add("pods", strings(found.pods()));
        json.add("images", strings(found.images()));
      }
    }
    return json;
  }

  static Entry read(JsonObject json) throws IOException {
    if (json.has("file")) {
      return new ChangedFile(
          Path.of(text(json, "file")),
          json.has("before")
              ? Optional.of(fileState(json.getAsJsonObject("before")))
              : Optional.empty(),
          strings(json, "madeFolders").stream().map(Path::of).toList(),
          optional(json, "written"));
    }
    if (json.has("kernel")) {
      return new ChangedKernelSetting(text(json, "kernel"), text(json, "before"));
    }
    if (json.has("filter")) {
      return new AddedRule(
          new PacketRule(text(json, "filter"), text(json, "chain"), strings(json, "words")));
    }
    if (json.has("service")) {
      Map<String, String> filters = new TreeMap<>();
      for (Map.Entry<String, JsonElement> filter :
          json.getAsJsonObject("filtersBefore").entrySet()) {
        filters.put(filter.getKey(), filter.getValue().getAsString());
      }
      return new ChangedService(
          new Service(
              text(json, "service"), new Daemon(text(json, "unit"), strings(json, "command"))),
          json.get("ranBefore").getAsBoolean(),
          json.get("enabledBefore").getAsBoolean(),
          optional(json, "startedWith"),
          new Leavings(
              strings(json, "interfaces"),
              strings(json, "chains"),
              strings(json, "paths").stream().map(Path::of).toList()),
          new HostNetwork.Snapshot(Set.copyOf(strings(json, "interfacesBefore")), filters));
    }
    if (json.has("pods")) {
      return new FoundOnNode(strings(json, "pods"), strings(json, "images"));
    }
    throw new IOException("an entry of an unknown kind, with " + json.keySet());
  }

  private static JsonObject write(FileState state) {
    JsonObject json = new JsonObject();
    json.addProperty("content", Base64.getEncoder().encodeToString(state.content().toByteArray()));
    json.addProperty("permissions", state.permissions());
    json.addProperty("uid", state.uid());
    json.addProperty("gid", state.gid());
    json.addProperty("modified", state.modified());
    return json;
  }

  private static FileState fileState(JsonObject json) throws IOException {
    return new FileState(
        ByteString.copyFrom(Base64.getDecoder().decode(text(json, "content"))),
        text(json, "permissions"),
        json.get("uid").getAsInt(),
        json.get("gid").getAsInt(),
        json.get("modified").getAsLong());
  }

  private static JsonArray strings(Collection<String> strings) {
    JsonArray array = new JsonArray(strings.size());
    strings.forEach(array::add);
    return array;
  }

  private static List<String> strings(JsonObject json, String key) {
    JsonArray array = json.getAsJsonArray(key);
    return array == null
        ? List.of()
        : array.asList().stream().map(JsonElement::getAsString).toList();
  }

  private static String text(JsonObject json, String key) throws IOException {
    return optional(json, key).orElseThrow(() -> new IOException("an entry without " + key));
  }

  private static Optional<String> optional(JsonObject json, String key) {
    return json.has(key) ? Optional.of(json.get(key).getAsString()) : Optional.empty();
  }
}
