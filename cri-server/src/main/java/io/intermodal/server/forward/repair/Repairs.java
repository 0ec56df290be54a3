package io.intermodal.server.forward.repair;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.intermodal.runtime.EngineConnection.Forwarding;
import io.intermodal.server.forward.BridgedVersions;
import io.intermodal.server.forward.CriCalls;
import io.intermodal.server.forward.TwoWayCall;
import io.intermodal.server.wire.ListStreams;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Gives what an engine lacks and we can give. The engine is always asked first: a newer one that
 * has learnt it answers for itself. All else passes through.
 *
 * <p>The list: {@link CgroupDriverFromConfig}, {@link GoneIsStopped}, {@link StreamFromList},
 * {@link ReachableUrls}, {@link BareImageIds} and {@link SharedEvents}.
 */
public final class Repairs implements CriCalls {
  private final CriCalls engine;
  private final Consumer<String> counter;
  private final Map<String, Repair> repairs;
  private final boolean bareImageIds;
  private final Optional<SharedEvents> sharedEvents;

  /**
   * @param facts what is known of the engine
   * @param counter is told the bare name of an RPC each time that one is repaired
   */
  public Repairs(CriCalls engine, Forwarding facts, Consumer<String> counter) {
    this.engine = engine;
    this.counter = counter;
    this.repairs = all(facts);
    this.bareImageIds = facts.bareImageIds();
    this.sharedEvents =
        facts.eventsGoToOneReader()
            ? Optional.of(new SharedEvents(engine, () -> counter.accept(SharedEvents.RPC)))
            : Optional.empty();
  }

  private static Map<String, Repair> all(Forwarding facts) {
    Repair gone = new GoneIsStopped(facts);
    Repair stream = new StreamFromList();
    return Stream.of(
            Map.of("RuntimeConfig", new CgroupDriverFromConfig(facts)),
            same(gone, GoneIsStopped.RPCS.stream()),
            same(stream, ListStreams.streams().stream()))
        .flatMap(some -> some.entrySet().stream())
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Map<String, Repair> same(Repair repair, Stream<String> rpcs) {
    return rpcs.collect(Collectors.toMap(Function.identity(), _ -> repair));
  }

  @Override
  public ClientCall<byte[], byte[]> open(
      MethodDescriptor<byte[], byte[]> method, CallOptions options) {
    String rpc = String.valueOf(method.getBareMethodName());
    if (sharedEvents.isPresent() && rpc.equals(SharedEvents.RPC)) {
      return sharedEvents.get().open(method);
    }
    ClientCall<byte[], byte[]> call = engine.open(method, options);
    if (bareImageIds && BareImageIds.RPCS.contains(rpc)) {
      call = new BareImageIds(rpc, call, () -> counter.accept(rpc));
    }
    if (ReachableUrls.RPCS.contains(rpc)) {
      return ReachableUrls.of(call, () -> counter.accept(rpc));
    }
    Repair repair = repairs.get(rpc);
    return repair == null
        ? call
        : new TwoWayCall(
            method,
            call,
            (refusal, request) -> {
              if (BridgedVersions.isUnknownService(refusal)) {
                return Optional.empty();
              }
              Optional<ClientCall<byte[], byte[]>> instead =
                  repair.instead(new Repair.Refused(engine, method, options), request, refusal);
              instead.ifPresent(_ -> counter.accept(rpc));
              return instead;
            });
  }
}
