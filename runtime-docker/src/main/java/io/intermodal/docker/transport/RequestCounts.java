package io.intermodal.docker.transport;

import io.intermodal.runtime.CurrentRpc;
import io.intermodal.runtime.EngineFigures.Requests;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many requests were sent, by the RPC that caused them and by kind: {@code "POST
 * /containers/{}/start"}. Names and ids are replaced by {@code {}}, so the number of kinds is that
 * of the API's.
 */
public final class RequestCounts {
  private static final Pattern PATH =
      Pattern.compile("^(?:/v[0-9]+\\.[0-9]+)?(/[a-z_]+)(?:/([^?]*))?(?:\\?.*)?$");
  private static final Pattern COLLECTION =
      Pattern.compile("json|create|prune|load|get|search|start|df");
  private static final Pattern IMAGE_VERB = Pattern.compile("json|history|push|tag|get");

  private final Map<Cause, LongAdder> counts = new ConcurrentHashMap<>();

  private record Cause(String rpc, String kind) {}

  void count(String method, String path) {
    Cause cause = new Cause(CurrentRpc.name(), method + " " + kind(path));
    counts.computeIfAbsent(cause, key -> new LongAdder()).increment();
  }

  /** The counts since the start, in no order. */
  public List<Requests> snapshot() {
    return counts.entrySet().stream()
        .map(entry ->
            new Requests(entry.getKey().rpc(), entry.getKey().kind(), entry.getValue().sum()))
        .toList();
  }

  static String kind(String path) {
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      return "other";
    }
    String collection = matcher.group(1);
    String rest = matcher.group(2);
    if (rest == null || rest.isEmpty()) {
      return collection;
    }
    if (COLLECTION.matcher(rest).matches()) {
      return collection + "/" + rest;
    }
    // An image's name has slashes of its own: only its last part can be a verb.
    int slash = collection.equals("/images") ? rest.lastIndexOf('/') : rest.indexOf('/');
    if (slash < 0) {
      return collection + "/{}";
    }
    String verb = rest.substring(slash + 1);
    if (collection.equals("/images") && !IMAGE_VERB.matcher(verb).matches()) {
      return collection + "/{}";
    }
    return collection + "/{}/" + verb;
  }
}
