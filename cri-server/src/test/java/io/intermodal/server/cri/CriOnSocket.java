package io.intermodal.server.cri;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.intermodal.server.transport.Transport;
import io.intermodal.server.wire.CriVersion;
import io.intermodal.server.wire.Frames;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An engine that speaks CRI on a real socket and does what the test says, by the bare name of an
 * RPC. What it is asked and has no word for it refuses as gRPC servers in Go do.
 */
public final class CriOnSocket implements AutoCloseable {
  private static final int LARGEST = 32 << 20;

  private final Path socket;
  private final Transport transport = Transport.best();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Set<Channel> connections = ConcurrentHashMap.newKeySet();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private volatile Set<CriVersion> versions = Set.of(CriVersion.V1);
  private @Nullable Server server;

  /** What an RPC does. */
  @FunctionalInterface
  public interface Answer {
    /** Begins a call, none of whose messages was asked for yet. */
    ServerCall.Listener<byte[]> begin(ServerCall<byte[], byte[]> call, Metadata headers, Seen seen);
  }

  /** What the engine saw of a call. */
  public static final class Seen {
    private final ServerCall<byte[], byte[]> call;
    private final String method;
    private final Metadata headers;
    private final Optional<Duration> left;
    private final List<byte[]> messages = new CopyOnWriteArrayList<>();
    private final CountDownLatch cancelled = new CountDownLatch(1);

    private Seen(ServerCall<byte[], byte[]> call, Metadata headers, Optional<Duration> left) {
      this.call = call;
      this.method = call.getMethodDescriptor().getFullMethodName();
      this.headers = headers;
      this.left = left;
    }

    /** To go on with it by hand. */
    public ServerCall<byte[], byte[]> call() {
      return call;
    }

    /** {@code runtime.v1.RuntimeService/Version}. */
    public String method() {
      return method;
    }

    String rpc() {
      return method.substring(method.indexOf('/') + 1);
    }

    public Metadata headers() {
      return headers;
    }

    /** How long the caller wanted to wait. */
    public Optional<Duration> left() {
      return left;
    }

    public List<byte[]> messages() {
      return messages;
    }

    /** Whether it was told within seconds that nobody waits any longer. */
    public boolean wasCancelled() throws InterruptedException {
      return cancelled.await(10, TimeUnit.SECONDS);
    }

    /** Whether it has been told so far. */
    public boolean isCancelled() {
      return cancelled.getCount() == 0;
    }
  }

  private CriOnSocket(Path socket) {
    this.socket = socket;
  }

  /** An engine of CRI v1 that runs. */
  public static CriOnSocket at(Path socket) throws IOException {
    return CriOnSocket.notRunning(socket).start();
  }

  /** One that does not run yet. */
  public static CriOnSocket notRunning(Path socket) {
    return new CriOnSocket(socket)
        .answers("Version", new byte[0])
        .answers("ListPodSandbox", new byte[0])
        .answers("ListContainers", new byte[0])
        .answers("ListImages", new byte[0]);
  }

  public Path socket() {
    return socket;
  }

  public String endpoint() {
    return "unix://" + socket;
  }

  /** Listens; also again, after it was stopped. */
  public CriOnSocket start() throws IOException {
    Files.deleteIfExists(socket);
    server =
        NettyServerBuilder.forAddress(transport.address(socket))
            .channelFactory(this::listening)
            .bossEventLoopGroup(transport.eventLoops())
            .workerEventLoopGroup(transport.eventLoops())
            .directExecutor()
            .maxInboundMessageSize(LARGEST)
            .fallbackHandlerRegistry(new Methods())
            .build()
            .start();
    return this;
  }

  private ServerChannel listening() {
    ServerChannel channel = transport.unixServer().newChannel();
    channel
        .pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object connection) {
                connections.add((Channel) connection);
                context.fireChannelRead(connection);
              }
            });
    return channel;
  }

  /** Dies: its connections break, without a word of gRPC. */
  public void die() throws IOException {
    Server dying = server;
    if (dying == null) {
      return;
    }
    server = null;
    hangUp();
    try {
      var _ = dying.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Files.deleteIfExists(socket);
  }

  /** Breaks its connections and goes on listening. */
  public void hangUp() {
    for (Channel connection : connections) {
      if (connection.isRegistered()) {
        // Past the pipeline, which would say goodbye.
        connection
            .eventLoop()
            .submit(() -> connection.unsafe().close(connection.unsafe().voidPromise()))
            .syncUninterruptibly();
      }
    }
    connections.clear();
  }

  /** Serves these versions only; the other one is an unknown service. */
  public CriOnSocket serves(CriVersion... served) {
    versions = Set.of(served);
    return this;
  }

  public CriOnSocket does(String rpc, Answer answer) {
    answers.put(rpc, answer);
    return this;
  }

  /** Answers the one request with a message. */
  public CriOnSocket answers(String rpc, byte[] message) {
    return computes(rpc, _ -> message);
  }

  /** Answers the one request with what it makes of it. */
  public CriOnSocket computes(String rpc, UnaryOperator<byte[]> answer) {
    return does(
        rpc,
        onRequest((call, request) -> {
          call.sendHeaders(new Metadata());
          call.sendMessage(answer.apply(request));
          call.close(Status.OK, new Metadata());
        }));
  }

  /** Refuses when the request was read. */
  public CriOnSocket refuses(String rpc, Status status, Metadata trailers) {
    return does(rpc, onRequest((call, _) -> call.close(status, trailers)));
  }

  public CriOnSocket refuses(String rpc, Status status) {
    return refuses(rpc, status, new Metadata());
  }

  /** Does not have the RPC, and says so before the request was read, as servers in Go do. */
  public CriOnSocket lacks(String rpc) {
    answers.remove(rpc);
    return this;
  }

  /** Takes the request and never answers. */
  public CriOnSocket hangs(String rpc) {
    return does(rpc, onRequest((_, _) -> {}));
  }

  /** What happens when a call with one request has been read. */
  @FunctionalInterface
  public interface OneRequest {
    void answer(ServerCall<byte[], byte[]> call, byte[] request);
  }

  /** A call with one request. */
  public static Answer onRequest(OneRequest request) {
    return (call, _, seen) -> {
      call.request(2);
      return new Recorded(seen) {
        @Override
        public void onHalfClose() {
          request.answer(call, seen.messages().getFirst());
        }
      };
    };
  }

  /** Sends each message back, and ends when the caller does. */
  public static Answer echo() {
    return (call, _, seen) -> {
      call.sendHeaders(new Metadata());
      call.request(1);
      return new Recorded(seen) {
        @Override
        public void onMessage(byte[] message) {
          super.onMessage(message);
          call.sendMessage(message);
          call.request(1);
        }

        @Override
        public void onHalfClose() {
          call.close(Status.OK, new Metadata());
        }
      };
    };
  }

  /** Notes what comes. */
  public static class Recorded extends ServerCall.Listener<byte[]> {
    private final Seen seen;

    public Recorded(Seen seen) {
      this.seen = seen;
    }

    @Override
    public void onMessage(byte[] message) {
      seen.messages.add(message);
    }

    @Override
    public void onCancel() {
      seen.cancelled.countDown();
    }
  }

  /** The calls of an RPC so far. */
  public List<Seen> seen(String rpc) {
    List<Seen> calls = new ArrayList<>(seen);
    calls.removeIf(call -> !call.rpc().equals(rpc));
    return calls;
  }

  /** As if nothing had been seen yet. */
  public void forget() {
    seen.clear();
  }

  /** The newest call of an RPC, which has to have come. */
  public Seen last(String rpc) {
    Until.holds(rpc + " reaches the engine", () -> !seen(rpc).isEmpty());
    return seen(rpc).getLast();
  }

  @Override
  public void close() throws IOException {
    die();
    transport.close();
  }

  private final class Methods extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<byte[], byte[]> lookupMethod(
        String name, @Nullable String authority) {
      return ServerMethodDefinition.create(
          Frames.method(name),
          (call, headers) -> {
            Deadline deadline = Context.current().getDeadline();
            Seen now =
                new Seen(
                    call,
                    headers,
                    Optional.ofNullable(deadline)
                        .map(d -> Duration.ofNanos(d.timeRemaining(TimeUnit.NANOSECONDS))));
            seen.add(now);
            Optional<CriVersion> version = CriVersion.of(name);
            String service = name.substring(0, name.indexOf('/'));
            if (version.isPresent() && !versions.contains(version.get())) {
              return refused(call, "unknown service " + service);
            }
            Answer answer = answers.get(now.rpc());
            return answer == null
                ? refused(call, "unknown method " + now.rpc() + " for service " + service)
                : answer.begin(call, headers, now);
          });
    }
  }

  private static ServerCall.Listener<byte[]> refused(
      ServerCall<byte[], byte[]> call, String description) {
    call.close(Status.UNIMPLEMENTED.withDescription(description), new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
