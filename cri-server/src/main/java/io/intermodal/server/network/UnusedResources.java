package io.intermodal.server.network;

import io.intermodal.server.network.cni.NetworkConfig;
import io.intermodal.server.network.cni.PluginChain;
import io.intermodal.server.network.cni.PluginException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets plugins free what belongs to no pod any more (GC). They free whatever is not on the list
 * that they get, so no pod is connected between the making of the list and the end of GC.
 */
final class UnusedResources {
  private static final Logger LOG = LoggerFactory.getLogger(UnusedResources.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** Read by whoever connects a pod, written by GC. */
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  private final NetworkSettings settings;

  UnusedResources(NetworkSettings settings) {
    this.settings = settings;
  }

  /** Connects a pod while no GC runs. */
  <T> T undisturbed(Supplier<T> connecting) {
    lock.readLock().lock();
    try {
      return connecting.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * GC where the network has it, at a moment when no pod is being connected; left out if there is
   * no such moment. A plugin that fails is reported in the log only: nothing depends on it.
   *
   * @param inUse makes the list of sandbox ids
   */
  void free(NetworkConfig network, Supplier<Set<String>> inUse) throws InterruptedException {
    PluginChain chain = new PluginChain(network, settings.plugins());
    if (!chain.hasGc()) {
      return;
    }
    long start = System.nanoTime();
    // Not a waiting lock: that would hold up those who want to connect behind one slow plugin.
    while (!lock.writeLock().tryLock()) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        LOG.info("GC of the network {} is left out: pods are being connected", network.name());
        return;
      }
      Thread.sleep(PAUSE);
    }
    try {
      chain.gc(inUse.get(), PodInterfaces.INTERFACE, settings.delTimeout());
    } catch (PluginException e) {
      LOG.warn("GC of the network {}: {}", network.name(), e.getMessage());
    } finally {
      lock.writeLock().unlock();
    }
  }
}
