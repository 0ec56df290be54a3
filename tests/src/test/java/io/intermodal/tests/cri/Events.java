package io.intermodal.tests.cri;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.intermodal.cri.v1.ContainerEventResponse;
import io.intermodal.cri.v1.ContainerEventType;
import io.intermodal.cri.v1.GetEventsRequest;
import io.intermodal.cri.v1.RuntimeServiceGrpc;
import io.intermodal.tests.host.Await;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A reader of the runtime's events: everything that came since it was opened. */
public final class Events implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final ClientCall<GetEventsRequest, ContainerEventResponse> call;
  private final Queue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Void> subscribed = new CompletableFuture<>();
  private final CompletableFuture<Status> end = new CompletableFuture<>();

  /**
   * An event that came.
   *
   * @param nanos when, by {@link System#nanoTime}
   */
  public record Arrival(ContainerEventResponse event, long nanos) {}

  private Events(Channel channel) {
    call = channel.newCall(RuntimeServiceGrpc.getGetContainerEventsMethod(), CallOptions.DEFAULT);
  }

  /** Subscribes; returns when the server has said that it tells everything from now on. */
  static Events of(Channel channel) {
    Events events = unconfirmed(channel);
    await(events.subscribed);
    return events;
  }

  /** Subscribes, and does not wait. */
  static Events unconfirmed(Channel channel) {
    Events events = new Events(channel);
    events.call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onHeaders(Metadata headers) {
            events.subscribed.complete(null);
          }

          @Override
          public void onMessage(ContainerEventResponse event) {
            events.arrivals.add(new Arrival(event, System.nanoTime()));
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            events.subscribed.complete(null);
            events.end.complete(status);
          }
        },
        new Metadata());
    events.call.sendMessage(GetEventsRequest.getDefaultInstance());
    events.call.halfClose();
    events.call.request(Integer.MAX_VALUE);
    return events;
  }

  /** What came about a pod and its containers, in order. */
  public List<ContainerEventResponse> of(Pod pod) {
    return arrivals.stream()
        .map(Arrival::event)
        .filter(event -> event.getPodSandboxStatus().getId().equals(pod.id()))
        .toList();
  }

  /**
   * Runs pods until one of them is told of. Where an engine gives each event to one reader only,
   * readers that are gone, as those of a server that was killed, take one more along each.
   *
   * @return whether it was; not when the stream has ended instead
   */
  public boolean areTold(Supplier<Pod> pods) {
    Await.until("an event, or the end", SOON, () -> end().isPresent() || !of(pods.get()).isEmpty());
    return end().isEmpty();
  }

  /** Waits for an event about a container or sandbox. */
  public Arrival await(String id, ContainerEventType type) {
    return Await.value(
        type + " of " + id,
        SOON,
        () ->
            arrivals.stream()
                .filter(arrival -> arrival.event().getContainerId().equals(id))
                .filter(arrival -> arrival.event().getContainerEventType() == type)
                .findFirst());
  }

  /** Waits for the end of the stream, which the server has to make. */
  public Status awaitEnd() {
    return await(end);
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(SOON.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("the stream of events", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** How the stream ended; empty while it goes on. */
  public Optional<Status> end() {
    return Optional.ofNullable(end.getNow(null));
  }

  /** Hangs up. */
  @Override
  public void close() {
    call.cancel("the reader leaves", null);
  }
}
