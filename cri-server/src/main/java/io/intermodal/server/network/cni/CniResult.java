package io.intermodal.server.network.cni;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Reads what ADD answered, in each of the forms that the versions of the specification know. */
public final class CniResult {
  private CniResult() {}

  /**
   * The addresses of the pod's interface, without prefix length, in the order of the result.
   *
   * <p>Addresses that name another interface are left out, unless there are no others: plugins
   * older than 0.3.1 sometimes miscount.
   *
   * @throws MalformedJsonException when the result is not of a known form
   */
  public static List<String> addresses(JsonObject result, String ifName)
      throws MalformedJsonException {
    if (result.has("ip4") || result.has("ip6")) {
      return addressesBefore030(result);
    }
    List<JsonElement> interfaces = Json.list(result, "interfaces");
    List<String> own = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (JsonElement entry : Json.list(result, "ips")) {
      JsonObject ip = Json.asObject(entry, "an entry of \"ips\"");
      (isOf(ip, interfaces, ifName) ? own : others).add(address(ip, "address"));
    }
    return List.copyOf(own.isEmpty() ? others : own);
  }

  private static List<String> addressesBefore030(JsonObject result) throws MalformedJsonException {
    List<String> addresses = new ArrayList<>();
    for (String family : List.of("ip4", "ip6")) {
      if (result.has(family)) {
        addresses.add(address(Json.child(result, family), "ip"));
      }
    }
    return List.copyOf(addresses);
  }

  private static boolean isOf(JsonObject ip, List<JsonElement> interfaces, String ifName)
      throws MalformedJsonException {
    JsonElement index = ip.get("interface");
    if (index == null || index.isJsonNull()) {
      return true;
    }
    if (!index.isJsonPrimitive() || !index.getAsJsonPrimitive().isNumber()) {
      throw new MalformedJsonException("field \"interface\" of an address is not a number");
    }
    int position = index.getAsInt();
    if (position < 0 || position >= interfaces.size()) {
      return false;
    }
    JsonObject owner = Json.asObject(interfaces.get(position), "an entry of \"interfaces\"");
    return Json.string(owner, "name").orElse("").equals(ifName)
        && !Json.string(owner, "sandbox").orElse("").isEmpty();
  }

  private static String address(JsonObject ip, String field) throws MalformedJsonException {
    String withPrefix =
        Json.string(ip, field)
            .orElseThrow(
                () -> new MalformedJsonException("has an address without \"" + field + "\""));
    int slash = withPrefix.indexOf('/');
    return slash < 0 ? withPrefix : withPrefix.substring(0, slash);
  }
}
