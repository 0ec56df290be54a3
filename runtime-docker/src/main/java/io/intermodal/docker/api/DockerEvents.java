package io.intermodal.docker.api;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows Docker's events for as long as it is open, through every restart of the daemon.
 *
 * <p>A daemon that dies is noticed at once by the end of the stream; one that hangs, by a ping
 * every two seconds that gets no answer within two.
 */
public final class DockerEvents implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DockerEvents.class);
  private static final Duration PING_EVERY = Duration.ofSeconds(2);
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(1);
  private static final String PATH =
      "/events?filters="
          + URLEncoder.encode("{\"type\":[\"container\",\"image\"]}", StandardCharsets.UTF_8);

  private final DockerApi docker;
  private final Listener listener;
  private final Gson gson = new Gson();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable Response stream;

  /** Who is told. All calls come from one virtual thread, one after the other. */
  public interface Listener {
    /**
     * The stream is open: whatever happens from now on is told by {@link #event} after this method
     * returns, so a full read made here misses nothing.
     *
     * @param facts what the daemon says of itself
     * @throws RuntimeException to have the connection made anew after a pause
     */
    void connected(EngineFacts facts);

    /** The daemon does not answer any more, for this reason; {@link #connected} follows. */
    void disconnected(String why);

    void event(Event event);
  }

  /**
   * One event.
   *
   * @param type {@code container} or {@code image}
   * @param action {@code create}, {@code start}, {@code die}, {@code destroy}, {@code pull} …
   * @param id of the object; an image's may be a name
   * @param attributes labels of the object, its {@code name}, {@code exitCode} …
   */
  public record Event(String type, String action, String id, Map<String, String> attributes) {}

  public DockerEvents(DockerApi docker, Listener listener) {
    this.docker = docker;
    this.listener = listener;
  }

  /** Begins; returns at once. */
  public void start() {
    Thread.ofVirtual().name("docker-events").start(this::run);
    Thread.ofVirtual().name("docker-ping").start(this::ping);
  }

  private void run() {
    Duration pause = FIRST_RETRY;
    String told = "";
    while (!isClosed()) {
      String why;
      try {
        follow();
        why = "the daemon ended its event stream";
        pause = FIRST_RETRY;
      } catch (StreamBroke e) {
        why = e.getMessage();
        pause = FIRST_RETRY;
      } catch (IOException | RuntimeException e) {
        why = DockerErrors.of("events", new RuntimeException(e)).getMessage();
      }
      if (isClosed()) {
        return;
      }
      String reason = String.valueOf(why);
      if (!reason.equals(told)) {
        log.debug("docker events: {}", reason);
      }
      told = reason;
      listener.disconnected(reason);
      pauseFor(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_RETRY) < 0
              ? pause.multipliedBy(2)
              : LONGEST_RETRY;
    }
  }

  /** The stream worked and then did not: try again soon. */
  private static final class StreamBroke extends IOException {
    StreamBroke(Throwable cause) {
      super(String.valueOf(cause.getMessage()), cause);
    }
  }

  private void follow() throws IOException {
    EngineFacts facts = docker.negotiate();
    try (Response answer = docker.send("GET", PATH, new byte[0])) {
      if (answer.getStatusCode() != 200) {
        throw new IOException("/events answered with status " + answer.getStatusCode());
      }
      stream = answer;
      listener.connected(facts);
      try {
        deliver(answer);
      } catch (IOException | JsonParseException e) {
        throw new StreamBroke(e);
      }
    } finally {
      stream = null;
    }
  }

  private void deliver(Response answer) throws IOException {
    try (JsonReader json =
        new JsonReader(
            new BufferedReader(new InputStreamReader(answer.getBody(), StandardCharsets.UTF_8)))) {
      json.setStrictness(Strictness.LENIENT);
      while (!isClosed() && json.peek() != JsonToken.END_DOCUMENT) {
        JsonObject event = gson.fromJson(json, JsonObject.class);
        listener.event(read(event));
      }
    } catch (EOFException e) {
      log.debug("docker events: the stream has ended", e);
    }
  }

  private static Event read(JsonObject event) {
    JsonObject actor = event.has("Actor") ? event.getAsJsonObject("Actor") : new JsonObject();
    Map<String, String> attributes = new HashMap<>();
    if (actor.has("Attributes") && actor.get("Attributes").isJsonObject()) {
      actor
          .getAsJsonObject("Attributes")
          .asMap()
          .forEach((key, value) -> attributes.put(key, value.getAsString()));
    }
    return new Event(text(event, "Type"), text(event, "Action"), text(actor, "ID"), attributes);
  }

  private static String text(JsonObject object, String key) {
    return object.has(key) ? object.get(key).getAsString() : "";
  }

  private void ping() {
    while (!isClosed()) {
      pauseFor(PING_EVERY);
      Response watched = stream;
      if (watched == null) {
        continue;
      }
      try {
        docker.ping();
      } catch (UncheckedIOException e) {
        log.warn("Docker does not answer a ping: {}", String.valueOf(e.getMessage()));
        watched.close();
      }
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void pauseFor(Duration pause) {
    try {
      if (closed.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
        log.debug("docker events: closed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed.countDown();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    Response open = stream;
    if (open != null) {
      open.close();
    }
  }
}
