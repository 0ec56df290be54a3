package io.intermodal.server.network.cni;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The interface of a pod that plugins are to make or undo: what is the same for each of them.
 *
 * @param containerId the engine's id of the sandbox
 * @param networkNamespace path of the namespace; empty for DEL of a pod whose namespace is gone
 * @param name of the interface in the pod: {@code eth0}
 * @param arguments for {@code CNI_ARGS}, in order
 * @param capabilityArguments values by capability; a plugin gets those that it declares, as {@code
 *     runtimeConfig}
 */
public record PodInterface(
    String containerId,
    String networkNamespace,
    String name,
    List<Argument> arguments,
    JsonObject capabilityArguments) {

  /** One {@code KEY=value} of {@code CNI_ARGS}. */
  public record Argument(String key, String value) {}

  public PodInterface {
    arguments = List.copyOf(arguments);
  }

  public PodInterface withNetworkNamespace(String path) {
    return new PodInterface(containerId, path, name, arguments, capabilityArguments);
  }

  String argumentsText() {
    return arguments.stream()
        .map(argument -> argument.key() + "=" + argument.value())
        .collect(Collectors.joining(";"));
  }
}
