package io.intermodal.server.cri;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A caller's call, step by step, with messages that are bytes. */
public final class RawCall extends ClientCall.Listener<byte[]> {
  private static final int SECONDS = 20;

  private final ClientCall<byte[], byte[]> call;
  private final CompletableFuture<Metadata> headers = new CompletableFuture<>();
  private final CompletableFuture<Status> end = new CompletableFuture<>();
  private final CompletableFuture<Metadata> trailers = new CompletableFuture<>();
  private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();

  private RawCall(ClientCall<byte[], byte[]> call) {
    this.call = call;
  }

  /** A call that has not said anything yet. */
  public static RawCall start(
      Channel channel,
      MethodDescriptor<byte[], byte[]> method,
      CallOptions options,
      Metadata with) {
    RawCall raw = new RawCall(channel.newCall(method, options));
    raw.call.start(raw, with);
    return raw;
  }

  /** A call with one request, which takes as many answers as come. */
  public static RawCall of(
      Channel channel,
      MethodDescriptor<byte[], byte[]> method,
      byte[] request,
      CallOptions options,
      Metadata with) {
    RawCall raw = start(channel, method, options, with).take(Integer.MAX_VALUE).say(request);
    return raw.done();
  }

  /** The same with nothing special about it. */
  public static RawCall of(
      Channel channel, MethodDescriptor<byte[], byte[]> method, byte[] request) {
    return of(channel, method, request, CallOptions.DEFAULT, new Metadata());
  }

  public RawCall say(byte[] message) {
    call.sendMessage(message);
    return this;
  }

  public boolean isReady() {
    return call.isReady();
  }

  public RawCall done() {
    call.halfClose();
    return this;
  }

  /** Is ready for so many more. */
  public RawCall take(int count) {
    call.request(count);
    return this;
  }

  public void hangUp() {
    call.cancel("hung up", null);
  }

  /** The next message, which has to come. */
  public byte[] next() throws InterruptedException {
    byte[] message = messages.poll(SECONDS, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("no message came; the end: " + end);
    }
    return message;
  }

  /** How many have come and were not looked at. */
  public int waiting() {
    return messages.size();
  }

  /** All that came before the end. */
  public List<byte[]> rest() throws Exception {
    var _ = end();
    return new ArrayList<>(messages);
  }

  public Status end() throws Exception {
    return await(end);
  }

  public boolean hasEnded() {
    return end.isDone();
  }

  /** The one answer of a call that has to succeed. */
  public byte[] answer() throws Exception {
    Status status = end();
    if (!status.isOk()) {
      throw new AssertionError("not answered: " + status, status.getCause());
    }
    return next();
  }

  public Metadata headers() throws Exception {
    return await(headers);
  }

  public boolean hasHeaders() {
    return headers.isDone() && !headers.isCompletedExceptionally();
  }

  public Metadata trailers() throws Exception {
    return await(trailers);
  }

  private static <T> T await(CompletableFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void onHeaders(Metadata said) {
    headers.complete(said);
  }

  @Override
  public void onMessage(byte[] message) {
    messages.add(message);
  }

  @Override
  public void onClose(Status status, Metadata said) {
    headers.completeExceptionally(new AssertionError("ended without headers: " + status));
    trailers.complete(said);
    end.complete(status);
  }
}
