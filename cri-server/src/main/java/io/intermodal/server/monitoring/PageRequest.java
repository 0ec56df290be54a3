package io.intermodal.server.monitoring;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one HTTP request of a connection, answered from a virtual thread. */
final class PageRequest extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger log = LoggerFactory.getLogger(PageRequest.class);

  private final Pages pages;
  private final Semaphore room;
  private boolean answered;

  /**
   * @param room a permit for each page that may be in the making
   */
  PageRequest(Pages pages, Semaphore room) {
    this.pages = pages;
    this.room = room;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    if (answered) {
      return;
    }
    answered = true;
    boolean head = request.method().equals(HttpMethod.HEAD);
    if (request.decoderResult().isFailure()) {
      send(context, Page.text(400, "the request cannot be read"), head);
    } else if (!head && !request.method().equals(HttpMethod.GET)) {
      send(context, Page.text(405, "%s is not GET".formatted(request.method())), head);
    } else if (!room.tryAcquire()) {
      send(context, Page.text(503, "too many requests at once; try again"), head);
    } else {
      String path = request.uri().split("[?#]", 2)[0];
      String accept = request.headers().get(HttpHeaderNames.ACCEPT);
      var _ =
          Thread.ofVirtual()
              .name("monitoring")
              .start(() -> {
                try {
                  send(context, page(path, accept), head);
                } finally {
                  room.release();
                }
              });
    }
  }

  private Page page(String path, @Nullable String accept) {
    try {
      return pages.get(path, accept);
    } catch (IOException | RuntimeException e) {
      log.error("{} cannot be answered", path, e);
      return Page.text(500, path + " cannot be answered by a fault of this server: see its log");
    }
  }

  private static void send(ChannelHandlerContext context, Page page, boolean head) {
    byte[] body = page.body().getBytes(StandardCharsets.UTF_8);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(page.status()),
            head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, page.contentType())
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    var _ = context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    log.debug("{} is closed: {}", context.channel(), cause.toString());
    var _ = context.close();
  }
}
