package io.intermodal.server.grpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.stream.Stream;

/** What a request is about, for the log: a container, a sandbox, an image, or a pod to be made. */
final class RequestObject {
  private static final List<String> IDS = List.of("container_id", "pod_sandbox_id");

  private RequestObject() {}

  /**
   * The container's id, else the sandbox's, else the image's reference, else namespace and name of
   * the pod; empty for requests about no single object.
   */
  static String of(Object request) {
    if (!(request instanceof Message message)) {
      return "";
    }
    return Stream.concat(
            IDS.stream().map(id -> text(message, id)),
            Stream.of(text(message, "image", "image"), pod(message)))
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static String pod(Message request) {
    String name = text(request, "config", "metadata", "name");
    return name.isEmpty() ? "" : text(request, "config", "metadata", "namespace") + "/" + name;
  }

  /** The text at the end of a path of fields; empty when a field is missing or no text. */
  private static String text(Message message, String... path) {
    Object value = message;
    for (String name : path) {
      if (!(value instanceof Message inner)) {
        return "";
      }
      Descriptor type = inner.getDescriptorForType();
      FieldDescriptor field = type.findFieldByName(name);
      if (field == null || field.isRepeated()) {
        return "";
      }
      value = inner.getField(field);
    }
    return value instanceof String text ? text : "";
  }
}
