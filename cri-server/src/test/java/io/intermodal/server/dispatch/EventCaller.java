package io.intermodal.server.dispatch;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.intermodal.cri.v1.ContainerEventResponse;
import io.intermodal.cri.v1.GetEventsRequest;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A caller of GetContainerEvents that takes as many messages as the test says. */
final class EventCaller extends ClientCall.Listener<ContainerEventResponse> {
  private static final int SECONDS = 20;

  private final ClientCall<GetEventsRequest, ContainerEventResponse> call;
  private final CompletableFuture<Void> subscribed = new CompletableFuture<>();
  private final CompletableFuture<Status> end = new CompletableFuture<>();
  private final BlockingQueue<ContainerEventResponse> events = new LinkedBlockingQueue<>();

  private EventCaller(ClientCall<GetEventsRequest, ContainerEventResponse> call) {
    this.call = call;
  }

  static EventCaller start(
      ManagedChannel channel, MethodDescriptor<GetEventsRequest, ContainerEventResponse> method) {
    EventCaller caller = new EventCaller(channel.newCall(method, CallOptions.DEFAULT));
    caller.call.start(caller, new Metadata());
    caller.call.sendMessage(GetEventsRequest.getDefaultInstance());
    caller.call.halfClose();
    return caller;
  }

  /** Waits until the server says that the subscription stands. */
  EventCaller awaitSubscription() throws Exception {
    subscribed.get(SECONDS, TimeUnit.SECONDS);
    return this;
  }

  /** Is ready for so many more. */
  void take(int count) {
    call.request(count);
  }

  /** The next one, which has to come. */
  String next() throws Exception {
    ContainerEventResponse event = events.poll(SECONDS, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("no event came; the call: " + end);
    }
    return event.getContainerId();
  }

  /** How many have come and were not asked for yet. */
  int waiting() {
    return events.size();
  }

  Status awaitEnd() throws Exception {
    return end.get(SECONDS, TimeUnit.SECONDS);
  }

  void hangUp() {
    call.cancel("hung up", null);
  }

  @Override
  public void onHeaders(Metadata headers) {
    subscribed.complete(null);
  }

  @Override
  public void onMessage(ContainerEventResponse event) {
    events.add(event);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    subscribed.complete(null);
    end.complete(status);
  }
}
