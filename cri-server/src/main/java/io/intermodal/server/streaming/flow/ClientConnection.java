package io.intermodal.server.streaming.flow;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A client's connection, shared by its streams: whether more may be written, whether more may be
 * read, and whether the client is still there.
 *
 * <p>Safe for use from event loops and sessions. What a session waits for here ends when the client
 * goes, which the idle timeout of the channel bounds.
 */
public final class ClientConnection {
  /** How long a client may take to hang up after the last byte was sent to it. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private static final Duration BETWEEN_PINGS = Duration.ofMillis(500);

  /** A longer standstill is left to the idle timeout, which pings would put off for ever. */
  private static final int MOST_PINGS = 7200;

  private final Channel channel;
  private volatile Supplier<Object> ping = () -> Unpooled.EMPTY_BUFFER;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Changed under the lock: whether anything is paused.
  private volatile boolean stopped;
  // All below are used under the lock.
  private final List<Runnable> onGone = new ArrayList<>();
  private int paused;
  private boolean pinging;
  private boolean finished;
  private boolean gone;

  /** The connection on this channel, whose handlers tell it of every change. */
  public ClientConnection(Channel channel) {
    this.channel = channel;
    channel.pipeline().addFirst(new ReadGate());
  }

  /** Says how a client is pinged: with a message of the channel's protocol that does no harm. */
  public void pingWith(Supplier<Object> message) {
    ping = message;
  }

  /** Decoders ask for more whenever they have passed nothing on, also when reading was stopped. */
  private final class ReadGate extends ChannelOutboundHandlerAdapter {
    @Override
    public void read(ChannelHandlerContext context) {
      if (!stopped) {
        context.read();
      }
    }
  }

  public Channel channel() {
    return channel;
  }

  /** Sends a message of the channel's protocol; one that cannot be sent ends the connection. */
  public void send(Object message) {
    var _ = channel.writeAndFlush(message, channel.voidPromise());
  }

  /** Ends the connection at once. */
  public void hangUp() {
    var _ = channel.close();
  }

  /** To be called by the channel's handler when its writability has changed. */
  public void writabilityChanged() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** To be called by the channel's handler when it is closed. */
  public void closed() {
    List<Runnable> actions;
    lock.lock();
    try {
      gone = true;
      changed.signalAll();
      actions = List.copyOf(onGone);
      onGone.clear();
    } finally {
      lock.unlock();
    }
    actions.forEach(Runnable::run);
  }

  /** Runs the action once when the client has gone, at once if it has; it must not block. */
  public void onGone(Runnable action) {
    lock.lock();
    try {
      if (!gone) {
        onGone.add(action);
        return;
      }
    } finally {
      lock.unlock();
    }
    action.run();
  }

  public boolean gone() {
    lock.lock();
    try {
      return gone;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the socket takes more.
   *
   * @throws IOException when the client has gone
   */
  void awaitWritable() throws IOException {
    lock.lock();
    try {
      while (!gone && !channel.isWritable()) {
        changed.await();
      }
      if (gone) {
        throw new IOException("the client has gone");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the client took no more");
    } finally {
      lock.unlock();
    }
  }

  /** Stops reading from the socket until every {@code pause} was followed by a {@link #resume}. */
  void pause() {
    lock.lock();
    try {
      paused++;
      if (paused == 1) {
        stopped = true;
        channel.config().setAutoRead(false);
        startPinging();
      }
    } finally {
      lock.unlock();
    }
  }

  void resume() {
    lock.lock();
    try {
      paused--;
      if (paused == 0) {
        stopped = false;
        channel.config().setAutoRead(true);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * While nothing is read, the client's end is not seen behind what it has sent, and may not even
   * reach us. A kernel whose client has gone answers what is sent to it with a reset, which is
   * seen.
   */
  private void startPinging() {
    if (!pinging) {
      pinging = true;
      pingLater(MOST_PINGS);
    }
  }

  private void pingLater(int left) {
    var _ =
        channel
            .eventLoop()
            .schedule(() -> ping(left), BETWEEN_PINGS.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void ping(int left) {
    lock.lock();
    try {
      pinging = paused > 0 && left > 0 && !gone && !finished;
      if (!pinging) {
        return;
      }
    } finally {
      lock.unlock();
    }
    if (channel.isWritable()) {
      send(ping.get());
    }
    pingLater(left - 1);
  }

  /**
   * Sends what was written and the end of our direction, then waits for the client to hang up, but
   * not long. Closing at once would make the kernel throw away what is on its way, if the client
   * has sent something that was not read.
   */
  public void finish() {
    lock.lock();
    try {
      if (finished || gone) {
        return;
      }
      finished = true;
    } finally {
      lock.unlock();
    }
    channel.eventLoop().execute(this::sendEnd);
  }

  private void sendEnd() {
    if (!channel.isActive()) {
      return;
    }
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    ChannelFuture flushed =
        // From the first handler on, since the others know only the messages of their protocol.
        tls == null
            ? channel.pipeline().firstContext().writeAndFlush(Unpooled.EMPTY_BUFFER)
            : tls.closeOutbound();
    flushed.addListener(sent -> {
      if (sent.isSuccess() && channel instanceof DuplexChannel socket) {
        var _ = socket.shutdownOutput();
      }
    });
    var _ = channel.eventLoop().schedule(this::hangUp, LINGER.toMillis(), TimeUnit.MILLISECONDS);
  }
}
