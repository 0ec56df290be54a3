package io.intermodal.runtime;

/**
 * Which RPC the current thread works for, so that an engine can count what it asks for by cause. A
 * thread that work is handed to has to be told, by {@link #carrying}.
 */
public final class CurrentRpc {
  private static final ScopedValue<String> NAME = ScopedValue.newInstance();

  private CurrentRpc() {}

  /** The RPC's bare name, "RunPodSandbox"; empty for work of our own, such as following events. */
  public static String name() {
    return NAME.orElse("");
  }

  /** Runs an operation in the name of an RPC, and returns or throws what it does. */
  public static <R, X extends Throwable> R during(
      String rpc, ScopedValue.CallableOp<? extends R, X> operation) throws X {
    return ScopedValue.where(NAME, rpc).call(operation);
  }

  /** The same work for another thread, in the name of the RPC that this thread works for. */
  public static Runnable carrying(Runnable work) {
    return NAME.isBound() ? bound(NAME.get(), work) : work;
  }

  private static Runnable bound(String rpc, Runnable work) {
    return () -> ScopedValue.where(NAME, rpc).run(work);
  }
}
