package io.intermodal.server.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.intermodal.server.report.EngineReport.Counts;
import io.intermodal.server.report.EngineReport.Health;
import io.intermodal.server.report.EngineReport.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A report as JSON, on the wire and for scripts: {@code {"server":{…},"engines":[{"name":…}]}}.
 * What is not known is left out; times are milliseconds. Fields are added and never change their
 * meaning, so that a client and a server of different builds understand each other: one that is not
 * known is skipped, and one that is missing is not known.
 */
public final class ReportJson {
  private static final double NANOS_PER_MILLI = 1e6;

  private ReportJson() {}

  /** Writes it. */
  public static JsonObject of(NodeReport report) {
    JsonObject all = new JsonObject();
    report
        .server()
        .ifPresent(server -> {
          JsonObject one = new JsonObject();
          one.addProperty("version", server.version());
          one.addProperty("pid", server.pid());
          one.addProperty("since", server.since().toString());
          all.add("server", one);
        });
    all.addProperty("ready", report.ready());
    JsonArray engines = new JsonArray();
    report.engines().forEach(engine -> engines.add(of(engine)));
    all.add("engines", engines);
    return all;
  }

  private static JsonObject of(EngineReport engine) {
    JsonObject one = new JsonObject();
    one.addProperty("name", engine.name());
    one.addProperty("default", engine.isDefault());
    engine.kind().ifPresent(kind -> one.addProperty("kind", kind.toString()));
    engine.version().ifPresent(version -> one.addProperty("version", version));
    engine.socket().ifPresent(socket -> one.addProperty("socket", socket));
    one.addProperty("health", engine.health().toString());
    engine.why().ifPresent(why -> one.addProperty("why", why));
    JsonArray handlers = new JsonArray();
    engine.runtimeHandlers().forEach(handlers::add);
    one.add("runtimeHandlers", handlers);
    Counts counts = engine.counts();
    counts.pods().ifPresent(count -> one.addProperty("pods", count));
    counts.containers().ifPresent(count -> one.addProperty("containers", count));
    counts.images().ifPresent(count -> one.addProperty("images", count));
    one.addProperty("countsAreLastKnown", counts.lastKnown());
    engine.calls().ifPresent(calls -> one.add("calls", of(calls)));
    return one;
  }

  private static JsonObject of(CallTimes calls) {
    JsonObject one = new JsonObject();
    one.addProperty("count", calls.count());
    one.addProperty("failed", calls.failed());
    one.addProperty("medianMillis", calls.median().toNanos() / NANOS_PER_MILLI);
    one.addProperty("slowestMillis", calls.slowest().toNanos() / NANOS_PER_MILLI);
    one.addProperty("slowestRpc", calls.slowestRpc());
    return one;
  }

  /**
   * Reads it.
   *
   * @throws RuntimeException of any kind when it is no report
   */
  public static NodeReport read(JsonObject report) {
    List<EngineReport> engines = new ArrayList<>();
    for (JsonElement engine : report.getAsJsonArray("engines")) {
      engines.add(engine(engine.getAsJsonObject()));
    }
    return new NodeReport(
        Optional.ofNullable(report.getAsJsonObject("server"))
            .map(server ->
                new NodeReport.Server(
                    server.get("version").getAsString(),
                    server.get("pid").getAsLong(),
                    Instant.parse(server.get("since").getAsString()))),
        engines);
  }

  private static EngineReport engine(JsonObject engine) {
    List<String> handlers = new ArrayList<>();
    engine.getAsJsonArray("runtimeHandlers").forEach(name -> handlers.add(name.getAsString()));
    return new EngineReport(
        engine.get("name").getAsString(),
        engine.get("default").getAsBoolean(),
        text(engine, "kind").flatMap(word -> word(Kind.values(), word)),
        text(engine, "version"),
        text(engine, "socket"),
        // A word that is not known yet is at least not the one for a good state.
        text(engine, "health")
            .flatMap(word -> word(Health.values(), word))
            .orElse(Health.NOT_READY),
        text(engine, "why"),
        handlers,
        new Counts(
            number(engine, "pods"),
            number(engine, "containers"),
            number(engine, "images"),
            engine.get("countsAreLastKnown").getAsBoolean()),
        Optional.ofNullable(engine.getAsJsonObject("calls")).map(ReportJson::calls));
  }

  private static CallTimes calls(JsonObject calls) {
    return new CallTimes(
        calls.get("count").getAsInt(),
        calls.get("failed").getAsInt(),
        millis(calls, "medianMillis"),
        millis(calls, "slowestMillis"),
        calls.get("slowestRpc").getAsString());
  }

  private static Duration millis(JsonObject object, String name) {
    return Duration.ofNanos(Math.round(object.get(name).getAsDouble() * NANOS_PER_MILLI));
  }

  private static Optional<String> text(JsonObject object, String name) {
    return Optional.ofNullable(object.get(name)).map(JsonElement::getAsString);
  }

  private static OptionalInt number(JsonObject object, String name) {
    return object.has(name) ? OptionalInt.of(object.get(name).getAsInt()) : OptionalInt.empty();
  }

  private static <W> Optional<W> word(W[] words, String written) {
    return Arrays.stream(words).filter(word -> word.toString().equals(written)).findFirst();
  }
}
