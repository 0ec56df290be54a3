package io.intermodal.server.several;

import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.Status;
import io.intermodal.server.several.Route.After;
import io.intermodal.server.several.member.ContentKind;
import io.intermodal.server.several.member.Member;
import io.intermodal.server.wire.Fields;

/** A call after which something is known of an engine, before the caller hears of it. */
final class NotedCall extends SimpleForwardingClientCall<byte[], byte[]> {
  private static final int ID = 1;

  private final Member member;
  private final After after;

  NotedCall(ClientCall<byte[], byte[]> call, Member member, After after) {
    super(call);
    this.member = member;
    this.after = after;
  }

  @Override
  public void start(Listener<byte[]> caller, Metadata headers) {
    super.start(
        new SimpleForwardingClientCallListener<>(caller) {
          @Override
          public void onMessage(byte[] answer) {
            switch (after) {
              case SANDBOX_MADE -> note(ContentKind.SANDBOXES, answer);
              case CONTAINER_MADE -> note(ContentKind.CONTAINERS, answer);
              case CHANGED, NOTHING -> {}
            }
            super.onMessage(answer);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            if (status.isOk()) {
              member.changed();
            }
            super.onClose(status, trailers);
          }
        },
        headers);
  }

  private void note(ContentKind kind, byte[] answer) {
    Fields.text(answer, ID).ifPresent(id -> member.content().made(kind, id));
  }
}
