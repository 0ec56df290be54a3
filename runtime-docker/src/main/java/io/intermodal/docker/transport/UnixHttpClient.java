package io.intermodal.docker.transport;

import com.github.dockerjava.transport.DockerHttpClient;
import io.intermodal.docker.transport.RequestDeadlines.Deadline;
import io.intermodal.runtime.Call;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client that docker-java's commands, logs, events and hijacked streams share.
 *
 * <p>{@link #execute} returns when the head of the response is there. Failures are {@link
 * UncheckedIOException}s, and plain {@link IOException}s from the body's stream: {@link
 * ConnectException} when nobody listens, {@link java.net.SocketTimeoutException} when a deadline
 * passed, {@link RequestCancelledException} when our own side ended it, {@link ProtocolException}
 * when the answer is not HTTP.
 */
public final class UnixHttpClient implements DockerHttpClient {
  private static final int IDLE_CONNECTIONS = 16;
  private static final Duration IDLE_TIME = Duration.ofSeconds(30);

  /** Longest body of a request with a short answer; a list of 10 000 containers has 20 MiB. */
  private static final long UNARY_LIMIT = 64L << 20;

  private static final int COPY_BUFFER = 32 * 1024;

  private final Path socket;
  private final RequestDeadlines deadlines;
  private final ConnectionPool pool = new ConnectionPool(IDLE_CONNECTIONS, IDLE_TIME);
  private final Set<HttpExchange> active = ConcurrentHashMap.newKeySet();
  private final RequestCounts counts = new RequestCounts();
  private final ScheduledThreadPoolExecutor clock;
  private volatile boolean closed;

  public UnixHttpClient(Path socket) {
    this(socket, RequestDeadlines.DEFAULT);
  }

  public UnixHttpClient(Path socket, RequestDeadlines deadlines) {
    this.socket = socket;
    this.deadlines = deadlines;
    this.clock =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("docker-deadlines").factory());
    clock.setRemoveOnCancelPolicy(true);
    // After the close every request ends at once, so that it needs no clock.
    clock.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    var _ =
        clock.scheduleWithFixedDelay(
            pool::sweep, IDLE_TIME.toMillis(), IDLE_TIME.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The daemon's socket. */
  public Path socket() {
    return socket;
  }

  /** How many requests were sent, by RPC and kind. */
  public RequestCounts counts() {
    return counts;
  }

  /** This client for one caller: its requests end when the caller goes away. */
  public DockerHttpClient boundTo(Call call) {
    return view(request -> exchange(request, call));
  }

  /** This client with one limit for each request, whatever its kind. */
  public DockerHttpClient within(Duration limit) {
    return view(request -> execute(request, limit));
  }

  private static DockerHttpClient view(Function<Request, Response> sending) {
    return new DockerHttpClient() {
      @Override
      public Response execute(Request request) {
        return sending.apply(request);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Response execute(Request request) {
    return exchange(request, Call.UNBOUNDED);
  }

  /** The same with a limit of the caller's own instead of that of its kind. */
  public Response execute(Request request, Duration limit) {
    return exchange(request, Call.UNBOUNDED, new Deadline.Total(limit));
  }

  /**
   * Sends the request and waits for the head of its response.
   *
   * @param request one with {@code hijackedInput} asks for an upgrade, and its input is copied to
   *     the connection until it ends, which half-closes the connection
   * @throws UncheckedIOException as said above
   */
  public HttpExchange exchange(Request request, Call call) {
    return exchange(request, call, deadlines.of(request.path()));
  }

  /** The same with a deadline of the caller's choice. */
  public HttpExchange exchange(Request request, Call call, Deadline deadline) {
    InputStream stdin = request.hijackedInput();
    HttpExchange exchange = start(request, call, deadline, stdin != null);
    if (stdin != null && exchange.getStatusCode() == 101) {
      OutputStream input = exchange.input();
      Thread.ofVirtual().name("docker-stdin").start(() -> copyInput(stdin, input, exchange));
    }
    return exchange;
  }

  /**
   * Sends a request that is to be upgraded to a two-way stream; when it was (status 101), {@link
   * HttpExchange#input} is the way to the other side.
   */
  public HttpExchange upgrade(Request request, Call call) {
    return start(request, call, deadlines.of(request.path()), true);
  }

  private HttpExchange start(Request request, Call call, Deadline deadline, boolean upgrade) {
    String path = request.path();
    int question = path.indexOf('?');
    String name = request.method() + " " + (question < 0 ? path : path.substring(0, question));
    HttpExchange exchange = new HttpExchange(this, name, deadline);
    active.add(exchange);
    if (closed) {
      exchange.abort(new RequestCancelledException("the connection to Docker was closed"));
    }
    exchange.watch(clock);
    call.onCancel(() ->
        exchange.abort(new RequestCancelledException("the caller of " + name + " went away")));
    counts.count(request.method(), path);
    try {
      send(exchange, request, deadline, upgrade);
      return exchange;
    } catch (IOException e) {
      throw new UncheckedIOException(exchange.broken(e));
    } catch (RuntimeException | Error e) {
      exchange.abort(new IOException(e));
      throw e;
    }
  }

  private void send(HttpExchange exchange, Request request, Deadline deadline, boolean upgrade)
      throws IOException {
    byte[] bodyBytes = request.bodyBytes();
    InputStream stream = bodyBytes == null ? request.body() : null;
    byte[] head = head(request, bodyBytes, stream != null, upgrade);
    long limit = deadline instanceof Deadline.Total ? UNARY_LIMIT : Long.MAX_VALUE;

    Connection reused = pool.borrow();
    while (true) {
      Connection connection = reused == null ? Connection.create() : reused;
      exchange.use(connection);
      if (reused == null) {
        connection.connect(socket);
      }
      ByteBuffer[] message = {
        ByteBuffer.wrap(head), ByteBuffer.wrap(bodyBytes == null ? new byte[0] : bodyBytes)
      };
      try {
        connection.write(message);
      } catch (IOException e) {
        // Nothing left this side, so the daemon cannot have acted on it.
        boolean untouched = message[0].position() == 0;
        if (reused != null && untouched && exchange.active()) {
          reused = retire(connection, e);
          continue;
        }
        throw e;
      }
      if (stream != null) {
        upload(exchange, connection, stream);
      }
      try {
        exchange.begin(readHead(connection), connection, limit);
        return;
      } catch (IOException e) {
        boolean repeatable = request.method().equals("GET") && connection.buffered() == 0;
        if (reused != null && repeatable && exchange.active()) {
          reused = retire(connection, e);
          continue;
        }
        throw e;
      }
    }
  }

  /** A pooled connection that was found dead says that the others are. */
  private @Nullable Connection retire(Connection stale, IOException why) {
    stale.close(why);
    pool.clear();
    return null;
  }

  private static ResponseHead readHead(Connection connection) throws IOException {
    while (true) {
      ResponseHead head = connection.readHead();
      if (head.status() >= 200 || head.status() == 101) {
        return head;
      }
    }
  }

  private static byte[] head(
      Request request, byte @Nullable [] bodyBytes, boolean streamed, boolean upgrade)
      throws ProtocolException {
    StringBuilder head = new StringBuilder(256);
    head.append(request.method()).append(' ').append(clean(request.path(), false));
    head.append(" HTTP/1.1\r\nHost: docker\r\n");
    for (Map.Entry<String, String> header : request.headers().entrySet()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!name.equals("host") && !name.equals("content-length")) {
        head.append(clean(header.getKey(), false)).append(": ");
        head.append(clean(header.getValue(), true)).append("\r\n");
      }
    }
    if (upgrade) {
      head.append("Connection: Upgrade\r\nUpgrade: tcp\r\n");
    }
    if (streamed) {
      head.append("Transfer-Encoding: chunked\r\n");
    } else if (bodyBytes != null || !request.method().equals("GET")) {
      head.append("Content-Length: ").append(bodyBytes == null ? 0 : bodyBytes.length);
      head.append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Refuses what would end the line, and so start a header or a request of its own. */
  private static String clean(String text, boolean spaces) throws ProtocolException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c >= 127 || (c == ' ' && !spaces)) {
        throw new ProtocolException(
            "a request cannot carry this text: " + ResponseHead.printable(text));
      }
    }
    return text;
  }

  /** Sends a streamed body while the response is already awaited: the daemon may answer early. */
  private static void upload(HttpExchange exchange, Connection connection, InputStream stream) {
    exchange.sending(true);
    Thread.ofVirtual()
        .name("docker-upload")
        .start(() -> {
          byte[] buffer = new byte[COPY_BUFFER];
          while (true) {
            int count;
            try {
              count = stream.read(buffer);
            } catch (IOException e) {
              // Without its end the daemon must not take the body for whole.
              exchange.abort(e);
              return;
            }
            try {
              connection.write(chunk(buffer, count));
            } catch (IOException e) {
              // The daemon stopped listening; what it answered says why.
              return;
            }
            if (count < 0) {
              exchange.sending(false);
              return;
            }
          }
        });
  }

  private static ByteBuffer[] chunk(byte[] buffer, int count) {
    String size = count < 0 ? "0\r\n\r\n" : Integer.toHexString(count) + "\r\n";
    ByteArrayOutputStream head = new ByteArrayOutputStream(16);
    head.writeBytes(size.getBytes(StandardCharsets.US_ASCII));
    return count < 0
        ? new ByteBuffer[] {ByteBuffer.wrap(head.toByteArray())}
        : new ByteBuffer[] {
          ByteBuffer.wrap(head.toByteArray()),
          ByteBuffer.wrap(buffer, 0, count),
          ByteBuffer.wrap(new byte[] {'\r', '\n'})
        };
  }

  private static void copyInput(InputStream stdin, OutputStream input, HttpExchange exchange) {
    try {
      stdin.transferTo(input);
      input.close();
    } catch (IOException e) {
      exchange.abort(e);
    }
  }

  void release(Connection connection) {
    pool.release(connection);
  }

  void ended(HttpExchange exchange) {
    active.remove(exchange);
  }

  /** Requests that are on their way or whose body is being read. */
  public int activeRequests() {
    return active.size();
  }

  int idleConnections() {
    return pool.size();
  }

  /** Ends every request that is on its way and closes every connection. */
  @Override
  public void close() {
    closed = true;
    clock.shutdownNow();
    RequestCancelledException why =
        new RequestCancelledException("the connection to Docker was closed");
    active.forEach(exchange -> exchange.abort(why));
    pool.close();
  }
}
