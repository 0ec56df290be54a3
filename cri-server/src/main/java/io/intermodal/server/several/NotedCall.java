package io.intermodal.server.several;

import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.Status;
import io.intermodal.cri.v1.ContainerState;
import io.intermodal.server.several.Route.After;
import io.intermodal.server.several.member.ContentKind;
import io.intermodal.server.several.member.KnownContent;
import io.intermodal.server.several.member.Listed;
import io.intermodal.server.several.member.Member;
import io.intermodal.server.wire.Fields;
import java.time.Instant;

/** A call after which something is known of an engine, before the caller hears of it. */
final class NotedCall extends SimpleForwardingClientCall<byte[], byte[]> {
  /** In the answers that name what was made, and in the requests that change one thing. */
  private static final int ID = 1;

  private final Member member;
  private final After after;
  private final byte[] request;

  /**
   * @param request the one that is sent
   */
  NotedCall(ClientCall<byte[], byte[]> call, Member member, After after, byte[] request) {
    super(call);
    this.member = member;
    this.after = after;
    this.request = request;
  }

  @Override
  public void start(Listener<byte[]> caller, Metadata headers) {
    super.start(
        new SimpleForwardingClientCallListener<>(caller) {
          @Override
          public void onMessage(byte[] answer) {
            // Before the caller can ask for it.
            Fields.text(answer, ID).ifPresent(NotedCall.this::made);
            super.onMessage(answer);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            if (status.isOk()) {
              Fields.text(request, ID).ifPresent(NotedCall.this::changed);
              member.changed();
            }
            super.onClose(status, trailers);
          }
        },
        headers);
  }

  private void made(String id) {
    switch (after) {
      case SANDBOX_MADE ->
          member
              .content()
              .made(ContentKind.SANDBOXES, id, Listed.sandbox(request, id, Instant.now()));
      case CONTAINER_MADE ->
          member
              .content()
              .made(ContentKind.CONTAINERS, id, Listed.container(request, id, Instant.now()));
      default -> {}
    }
  }

  private void changed(String id) {
    KnownContent content = member.content();
    switch (after) {
      case SANDBOX_STOPPED -> content.stopped(id);
      case SANDBOX_REMOVED -> content.removed(ContentKind.SANDBOXES, id);
      case CONTAINER_STARTED -> content.changed(id, ContainerState.CONTAINER_RUNNING);
      case CONTAINER_STOPPED -> content.changed(id, ContainerState.CONTAINER_EXITED);
      case CONTAINER_REMOVED -> content.removed(ContentKind.CONTAINERS, id);
      default -> {}
    }
  }
}
