package io.intermodal.server.top;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.intermodal.server.top.usage.Pod;
import io.intermodal.server.top.usage.Usage;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Usage as JSON: {@code
 * {"pods":[{"id":…,"namespace":…,"name":…,"cpuCores":0.25,…,"containers":[…]}]}}. What is not known
 * is left out. Bytes are whole numbers, rates are a second.
 */
final class UsageJson {
  private UsageJson() {}

  static JsonObject of(List<Pod<Usage>> pods) {
    JsonArray array = new JsonArray();
    for (Pod<Usage> pod : pods) {
      JsonObject one = new JsonObject();
      one.addProperty("id", pod.id());
      one.addProperty("namespace", pod.namespace());
      one.addProperty("name", pod.name());
      put(one, pod.known());
      JsonArray containers = new JsonArray();
      for (Pod.Container<Usage> container : pod.containers()) {
        JsonObject inner = new JsonObject();
        inner.addProperty("id", container.id());
        inner.addProperty("name", container.name());
        put(inner, container.known());
        containers.add(inner);
      }
      one.add("containers", containers);
      array.add(one);
    }
    JsonObject all = new JsonObject();
    all.add("pods", array);
    return all;
  }

  private static void put(JsonObject object, Usage usage) {
    put(object, "cpuCores", usage.cores());
    put(object, "memoryWorkingSetBytes", usage.memory());
    put(object, "memoryLimitBytes", usage.limit());
    put(object, "networkReceiveBytesPerSecond", usage.received());
    put(object, "networkSendBytesPerSecond", usage.sent());
    put(object, "processes", usage.processes());
    put(object, "writableLayerBytes", usage.writableLayer());
  }

  private static void put(JsonObject object, String name, OptionalDouble value) {
    value.ifPresent(known -> object.addProperty(name, known));
  }

  private static void put(JsonObject object, String name, OptionalLong value) {
    value.ifPresent(known -> object.addProperty(name, known));
  }
}
