package io.intermodal.server.streaming;

import io.intermodal.server.streaming.flow.ClientConnection;
import io.intermodal.server.streaming.ports.PortsOffer;
import io.intermodal.server.streaming.ports.SpdyPorts;
import io.intermodal.server.streaming.ports.WebSocketPorts;
import io.intermodal.server.streaming.process.CommandProtocol;
import io.intermodal.server.streaming.process.ProcessOffer;
import io.intermodal.server.streaming.process.SpdyProcess;
import io.intermodal.server.streaming.process.WebSocketProcess;
import io.intermodal.server.streaming.websocket.WebSocketHandshake;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one HTTP request of a connection: {@code /exec/TOKEN}, {@code /attach/TOKEN} or {@code
 * /portforward/TOKEN}, upgraded to SPDY/3.1 or WebSocket. Everything else is answered with a
 * sentence, and the connection closed.
 */
final class ClientRequests extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(ClientRequests.class);
  private static final String SPDY = "SPDY/3.1";
  private static final String PROTOCOL_VERSION = "X-Stream-Protocol-Version";
  private static final String ACCEPTED_VERSIONS = "X-Accepted-Stream-Protocol-Versions";

  private final Offers offers;
  private final Duration patience;
  private final SessionCounts counts;
  private @Nullable HttpRequest request;
  private boolean answered;

  /**
   * @param patience how long a client may take for its request, and again for its streams
   * @param counts where sessions are counted
   */
  ClientRequests(Offers offers, Duration patience, SessionCounts counts) {
    this.counts = counts;
    this.offers = offers;
    this.patience = patience;
  }

  /** A request that is not served, and what its client is told. */
  private static final class Refusal extends Exception {
    private final HttpResponseStatus status;
    private final List<String> acceptedVersions;

    Refusal(HttpResponseStatus status, String message, String... acceptedVersions) {
      super(message);
      this.status = status;
      this.acceptedVersions = List.of(acceptedVersions);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    var _ =
        context
            .executor()
            .schedule(
                () -> {
                  if (!answered) {
                    log.debug("{} has sent no request in time", context.channel());
                    var _ = context.close();
                  }
                },
                patience.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (answered) {
        return;
      }
      if (message instanceof HttpRequest head) {
        request = head;
        if (head.decoderResult().isFailure()) {
          refuse(context, unreadable(head.decoderResult().cause()));
        }
      }
      // What follows the head is of no interest, but the protocol can only be changed behind it.
      HttpRequest whole = request;
      if (!answered && message instanceof LastHttpContent && whole != null) {
        answered = true;
        answer(context, whole);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private static Refusal unreadable(Throwable cause) {
    boolean tooLong =
        cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException;
    return new Refusal(
        tooLong
            ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            : HttpResponseStatus.BAD_REQUEST,
        "the request cannot be read: " + cause.getMessage());
  }

  private void answer(ChannelHandlerContext context, HttpRequest asked) {
    try {
      if (!asked.method().equals(HttpMethod.GET) && !asked.method().equals(HttpMethod.POST)) {
        throw new Refusal(
            HttpResponseStatus.METHOD_NOT_ALLOWED, asked.method() + " is neither GET nor POST");
      }
      Offer offer = offer(asked);
      if (upgrades(asked.headers(), SPDY)) {
        overSpdy(context, asked, offer);
      } else if (upgrades(asked.headers(), "websocket")) {
        overWebSocket(context, asked, offer);
      } else {
        throw new Refusal(
            HttpResponseStatus.BAD_REQUEST,
            "upgrade the request to SPDY/3.1 or to a WebSocket, with a new URL");
      }
    } catch (Refusal refusal) {
      refuse(context, refusal);
    }
  }

  /** The offer is gone with this request, even if it turns out that it cannot be served. */
  private Offer offer(HttpRequest asked) throws Refusal {
    String path = asked.uri().split("[?#]", 2)[0];
    String[] parts = path.split("/", -1);
    Optional<Offer> offer =
        parts.length == 3 && parts[0].isEmpty()
            ? offers.take(parts[1], parts[2])
            : Optional.empty();
    return offer.orElseThrow(() ->
        new Refusal(
            HttpResponseStatus.NOT_FOUND,
            "nothing waits here: a URL is good once and for "
                + Offers.LIFE.toSeconds()
                + " s; ask the runtime for a new one"));
  }

  private void overSpdy(ChannelHandlerContext context, HttpRequest asked, Offer offer)
      throws Refusal {
    List<String> offered =
        asked.headers().getAllAsString(PROTOCOL_VERSION).stream()
            .flatMap(line -> Arrays.stream(line.split(",", -1)))
            .map(String::strip)
            .toList();
    switch (offer) {
      case Offer.OfProcess(ProcessOffer process) -> {
        CommandProtocol protocol =
            CommandProtocol.ofSpdy(offered)
                .orElseThrow(() -> unknown(offered, CommandProtocol.spokenOverSpdy()));
        ClientConnection client = toSpdy(context, offer, protocol.id());
        SpdyProcess.serve(process, protocol, client, context.pipeline(), patience);
      }
      case Offer.OfPorts(PortsOffer ports) -> {
        if (!offered.isEmpty() && !offered.contains(SpdyPorts.PROTOCOL)) {
          throw unknown(offered, List.of(SpdyPorts.PROTOCOL));
        }
        ClientConnection client = toSpdy(context, offer, SpdyPorts.PROTOCOL);
        SpdyPorts.serve(ports, client, context.pipeline(), patience);
      }
    }
  }

  private ClientConnection toSpdy(ChannelHandlerContext context, Offer offer, String protocol) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
    response
        .headers()
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
        .set(HttpHeaderNames.UPGRADE, SPDY)
        .set(PROTOCOL_VERSION, protocol);
    var _ = context.writeAndFlush(response);
    context.pipeline().remove(this);
    context.pipeline().remove(HttpServerCodec.class);
    counts.began(offer, context.channel());
    return new ClientConnection(context.channel());
  }

  private void overWebSocket(ChannelHandlerContext context, HttpRequest asked, Offer offer)
      throws Refusal {
    List<String> offered = WebSocketHandshake.offered(asked);
    switch (offer) {
      case Offer.OfProcess(ProcessOffer process) -> {
        CommandProtocol.OverWebSocket protocol =
            CommandProtocol.OverWebSocket.of(offered)
                .orElseThrow(() -> unknown(offered, CommandProtocol.OverWebSocket.spoken()));
        toWebSocket(context, asked, offer, protocol.name())
            .ifPresent(
                client -> WebSocketProcess.serve(process, protocol, client, context.pipeline()));
      }
      case Offer.OfPorts(PortsOffer ports) -> {
        WebSocketPorts protocol =
            WebSocketPorts.of(offered).orElseThrow(() -> unknown(offered, WebSocketPorts.spoken()));
        if (protocol.needsPorts() && ports.ports().isEmpty()) {
          throw new Refusal(
              HttpResponseStatus.BAD_REQUEST,
              protocol.id() + " needs the ports in the PortForward request, and it named none");
        }
        toWebSocket(context, asked, offer, protocol.id())
            .ifPresent(client -> protocol.serve(ports, client, context.pipeline(), patience));
      }
    }
  }

  private Optional<ClientConnection> toWebSocket(
      ChannelHandlerContext context, HttpRequest asked, Offer offer, String protocol) {
    DefaultFullHttpRequest whole =
        new DefaultFullHttpRequest(
            asked.protocolVersion(), asked.method(), asked.uri(), Unpooled.EMPTY_BUFFER);
    whole.headers().set(asked.headers());
    if (!WebSocketHandshake.accept(context, whole, protocol)) {
      return Optional.empty();
    }
    context.pipeline().remove(this);
    counts.began(offer, context.channel());
    return Optional.of(new ClientConnection(context.channel()));
  }

  private static Refusal unknown(List<String> offered, List<String> spoken) {
    return new Refusal(
        HttpResponseStatus.FORBIDDEN,
        "unable to upgrade: client supports %s, server accepts %s".formatted(offered, spoken),
        spoken.toArray(String[]::new));
  }

  private void refuse(ChannelHandlerContext context, Refusal refusal) {
    answered = true;
    log.debug("{}: {} {}", context.channel(), refusal.status, refusal.getMessage());
    byte[] text = (refusal.getMessage() + "\n").getBytes(StandardCharsets.UTF_8);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, refusal.status, Unpooled.wrappedBuffer(text));
    HttpHeaders headers = response.headers();
    headers
        .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
        .set(HttpHeaderNames.CONTENT_LENGTH, text.length)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    if (!refusal.acceptedVersions.isEmpty()) {
      headers.set(ACCEPTED_VERSIONS, refusal.acceptedVersions);
    }
    var _ = context.writeAndFlush(response);
    new ClientConnection(context.channel()).finish();
  }

  private static boolean upgrades(HttpHeaders headers, String protocol) {
    return hasToken(headers, HttpHeaderNames.CONNECTION, "upgrade")
        && hasToken(headers, HttpHeaderNames.UPGRADE, protocol);
  }

  private static boolean hasToken(HttpHeaders headers, CharSequence name, String token) {
    return headers.getAllAsString(name).stream()
        .flatMap(line -> Arrays.stream(line.split(",", -1)))
        .anyMatch(
            part -> part.strip().toLowerCase(Locale.ROOT).equals(token.toLowerCase(Locale.ROOT)));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    log.debug("{} is closed: {}", context.channel(), cause.toString());
    var _ = context.close();
  }
}
