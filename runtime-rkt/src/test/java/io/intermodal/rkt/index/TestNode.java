package io.intermodal.rkt.index;

import io.intermodal.runtime.node.ContainerLogs;
import io.intermodal.runtime.node.Host;
import io.intermodal.runtime.node.NodeServices;
import io.intermodal.runtime.node.PodNetwork;
import io.intermodal.runtime.node.SandboxImage;
import io.intermodal.runtime.node.StateDirectory;
import io.intermodal.runtime.node.statistics.PodStatistics;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A node whose state is in memory, and which notes what it is asked to do. */
public final class TestNode {
  private static final Map<Class<?>, Object> ANSWERS =
      Map.of(
          Optional.class, Optional.empty(),
          Set.class, Set.of(),
          CompletionStage.class, CompletableFuture.completedStage(null),
          PodNetwork.Readiness.class, new PodNetwork.Readiness(true, "", ""));

  final Map<String, byte[]> files = new ConcurrentHashMap<>();
  final List<String> asked = new CopyOnWriteArrayList<>();

  /** The services; those that no test looks at answer nothing. */
  public NodeServices services(Path workFolder) {
    return services(workFolder, noting(ContainerLogs.class));
  }

  /** The same, with somebody who follows what containers say. */
  public NodeServices services(Path workFolder, ContainerLogs logs) {
    return new NodeServices(
        noting(PodNetwork.class),
        logs,
        noting(io.intermodal.runtime.node.StreamingServer.class),
        noting(PodStatistics.class),
        noting(io.intermodal.runtime.node.statistics.FolderSizes.class),
        noting(io.intermodal.runtime.node.MergedFolders.class),
        noting(io.intermodal.runtime.node.NetworkNamespaces.class),
        new Memory(""),
        workFolder,
        new Host(Host.Cgroups.V1, -1000, false, false),
        new SandboxImage("pause:1", Optional.empty()),
        Clock.systemUTC());
  }

  private <T> T noting(Class<T> type) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              asked.add(
                  method.getName() + (arguments == null ? "[]" : List.of(arguments).toString()));
              return ANSWERS.get(method.getReturnType());
            });
    return type.cast(proxy);
  }

  /** State in memory. */
  final class Memory implements StateDirectory {
    private final String prefix;

    Memory(String prefix) {
      this.prefix = prefix;
    }

    @Override
    public StateDirectory within(String name) {
      return new Memory(prefix + name + "/");
    }

    @Override
    public void write(String name, byte[] content) {
      files.put(prefix + name, content);
    }

    @Override
    public Optional<byte[]> read(String name) throws IOException {
      return Optional.ofNullable(files.get(prefix + name));
    }

    @Override
    public void delete(String name) {
      files.remove(prefix + name);
    }

    @Override
    public List<String> names() {
      return files.keySet().stream()
          .filter(key -> key.startsWith(prefix) && key.indexOf('/', prefix.length()) < 0)
          .map(key -> key.substring(prefix.length()))
          .sorted()
          .toList();
    }
  }
}
