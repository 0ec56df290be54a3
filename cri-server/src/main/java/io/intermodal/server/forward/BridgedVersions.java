package io.intermodal.server.forward;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.intermodal.cri.v1.VersionResponse;
import io.intermodal.server.wire.CriVersion;
import io.intermodal.server.wire.Frames;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets a caller of one version of CRI be served by an engine of the other: the messages are the
 * same, only the service's name is not. An engine is taken at its word: a call goes out in the
 * caller's version until the engine says that it does not know that one, and again when it says so
 * of the other. So an engine may be replaced by a newer one at any time.
 */
public final class BridgedVersions implements CriCalls {
  private static final String UNKNOWN_SERVICE = "unknown service";

  private final CriCalls engine;
  // By the caller's version: the engine's. A hint, which any call may correct.
  private final Map<CriVersion, CriVersion> spoken = new ConcurrentHashMap<>();

  public BridgedVersions(CriCalls engine) {
    this.engine = engine;
    for (CriVersion version : CriVersion.values()) {
      spoken.put(version, version);
    }
  }

  @Override
  public ClientCall<byte[], byte[]> open(
      MethodDescriptor<byte[], byte[]> method, CallOptions options) {
    Optional<CriVersion> asked = CriVersion.of(method.getFullMethodName());
    if (asked.isEmpty()) {
      return engine.open(method, options);
    }
    CriVersion caller = asked.get();
    CriVersion tried = spoken.getOrDefault(caller, caller);
    return new TwoWayCall(
        method,
        open(method, options, caller, tried),
        (refusal, _) -> {
          if (!isUnknownService(refusal)) {
            return Optional.empty();
          }
          CriVersion other = tried.other();
          spoken.put(caller, other);
          return Optional.of(open(method, options, caller, other));
        });
  }

  /** As gRPC servers in Go say it, which all engines are. */
  public static boolean isUnknownService(Status refusal) {
    String said = refusal.getDescription();
    return refusal.getCode() == Status.Code.UNIMPLEMENTED
        && said != null
        && said.contains(UNKNOWN_SERVICE);
  }

  private ClientCall<byte[], byte[]> open(
      MethodDescriptor<byte[], byte[]> method,
      CallOptions options,
      CriVersion caller,
      CriVersion version) {
    if (caller == version) {
      return engine.open(method, options);
    }
    ClientCall<byte[], byte[]> call =
        engine.open(Frames.method(version.named(method.getFullMethodName())), options);
    return "Version".equals(method.getBareMethodName())
        ? new RewordedAnswer(call, answer -> inWordsOf(caller, answer))
        : call;
  }

  /** The one answer that names the version: to a caller it has to be the caller's. */
  private static byte[] inWordsOf(CriVersion caller, byte[] answer) {
    try {
      return VersionResponse.parseFrom(answer).toBuilder()
          .setRuntimeApiVersion(caller.label())
          .build()
          .toByteArray();
    } catch (InvalidProtocolBufferException e) {
      // Not ours to judge: the caller gets what the engine said.
      return answer;
    }
  }
}
