package io.intermodal.server.streaming.spdy;

import io.intermodal.server.streaming.flow.ClientConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.spdy.DefaultSpdyGoAwayFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdySessionStatus;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.util.ReferenceCountUtil;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's side of a SPDY/3.1 connection: the streams that the client opens, until each has
 * ended in both directions. A client that breaks the rules loses the stream, or the connection.
 */
public final class SpdyConnection extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(SpdyConnection.class);
  private static final int LARGEST_CHUNK = 32 * 1024;
  private static final int LARGEST_HEADERS = 16 * 1024;

  private final ClientConnection client;
  private final Listener listener;
  private final int mostStreams;
  private final Map<Integer, SpdyStream> streams = new ConcurrentHashMap<>();
  // Written by the event loop alone.
  private volatile int lastId;

  /** Who is told of streams, on the event loop: it must not block. */
  public interface Listener {
    /** The client has opened a stream, and was told that it may use it. */
    void opened(SpdyStream stream);
  }

  /**
   * @param mostStreams how many streams may be open at a time; further ones are refused
   */
  public SpdyConnection(ClientConnection client, int mostStreams, Listener listener) {
    this.client = client;
    this.mostStreams = mostStreams;
    this.listener = listener;
    AtomicInteger number = new AtomicInteger();
    client.pingWith(() -> new DefaultSpdyPingFrame(number.addAndGet(2)));
  }

  /** Lets the channel speak SPDY from the next byte on. */
  public void addTo(ChannelPipeline pipeline) {
    pipeline.addLast(
        new SpdyFrameCodec(
            SpdyVersion.SPDY_3_1, LARGEST_CHUNK, LARGEST_HEADERS, 6, 15, 8, false, false));
    pipeline.addLast(this);
  }

  ClientConnection client() {
    return client;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      switch (message) {
        case SpdySynStreamFrame frame -> open(frame);
        case SpdyDataFrame frame -> data(frame);
        case SpdyRstStreamFrame frame -> resetByClient(frame.streamId());
        // Those with even numbers answer ours.
        case SpdyPingFrame ping when ping.id() % 2 != 0 -> client.send(ping);
        default -> log.trace("nothing to do about {}", message);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void open(SpdySynStreamFrame frame) {
    int id = frame.streamId();
    if (id <= lastId || id % 2 == 0) {
      log.debug("{} opens the stream {} after {}", client.channel(), id, lastId);
      endConnection(SpdySessionStatus.PROTOCOL_ERROR);
      return;
    }
    lastId = id;
    if (frame.isInvalid() || frame.isTruncated() || frame.isUnidirectional()) {
      refuse(id, SpdyStreamStatus.PROTOCOL_ERROR);
      return;
    }
    if (streams.size() >= mostStreams) {
      refuse(id, SpdyStreamStatus.REFUSED_STREAM);
      return;
    }
    SpdyStream stream = new SpdyStream(id, frame.headers(), this);
    streams.put(id, stream);
    SpdySynReplyFrame reply = new DefaultSpdySynReplyFrame(id);
    // A reply without any header leaves Go's clients waiting for the rest of it.
    reply.headers().set(":status", "200").set(":version", "HTTP/1.1");
    client.send(reply);
    if (frame.isLast()) {
      inputEnded(stream);
    }
    listener.opened(stream);
  }

  private void data(SpdyDataFrame frame) {
    SpdyStream stream = streams.get(frame.streamId());
    if (stream == null) {
      // On its way when the stream was reset or forgotten.
      return;
    }
    ByteBuf content = frame.content();
    stream.input().add(content.retain());
    if (frame.isLast()) {
      inputEnded(stream);
    }
  }

  private void resetByClient(int id) {
    SpdyStream stream = streams.remove(id);
    if (stream != null) {
      stream.input().end();
      stream.output().abandon();
    }
  }

  private void refuse(int id, SpdyStreamStatus why) {
    client.send(new DefaultSpdyRstStreamFrame(id, why));
  }

  private void endConnection(SpdySessionStatus why) {
    client.send(new DefaultSpdyGoAwayFrame(lastId, why));
    client.finish();
  }

  private void inputEnded(SpdyStream stream) {
    stream.input().end();
    forgetIfOver(stream);
  }

  void outputEnded(SpdyStream stream) {
    forgetIfOver(stream);
  }

  /** Data for it that is still to come would find nobody. */
  private void forgetIfOver(SpdyStream stream) {
    if (stream.input().ended() && stream.output().closed()) {
      streams.remove(stream.id(), stream);
    }
  }

  void reset(SpdyStream stream) {
    if (streams.remove(stream.id(), stream)) {
      stream.input().close();
      stream.output().abandon();
      refuse(stream.id(), SpdyStreamStatus.CANCEL);
    }
  }

  /** Says that no further streams are taken, and ends the connection when all is sent. */
  public void finish() {
    endConnection(SpdySessionStatus.OK);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    log.debug("{} is closed: {}", context.channel(), cause.toString());
    client.hangUp();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    client.writabilityChanged();
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    client.closed();
    streams.values().forEach(stream -> stream.input().abort());
    streams.clear();
    context.fireChannelInactive();
  }
}
