package io.intermodal.server.tracing;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.Message;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import io.intermodal.cri.v1.ImageServiceGrpc;
import io.intermodal.cri.v1.RuntimeServiceGrpc;
import io.intermodal.server.wire.Fields;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a message is about: the kind of thing, under the name that containerd's own spans have for
 * it, and the sandbox's or container's id or the image's reference.
 */
record Subject(AttributeKey<String> kind, String id) {
  private static final AttributeKey<String> SANDBOX = AttributeKey.stringKey("sandbox.id");
  private static final AttributeKey<String> CONTAINER = AttributeKey.stringKey("container.id");
  private static final AttributeKey<String> IMAGE = AttributeKey.stringKey("image.ref");

  /** CRI has it in the first field, in all messages that have it at all. */
  private static final int FIELD = 1;

  private static final Map<String, AttributeKey<String>> OF_REQUESTS =
      kinds(
          MethodDescriptor::getInputType,
          Map.of("pod_sandbox_id", SANDBOX, "container_id", CONTAINER, "image", IMAGE));

  private static final Map<String, AttributeKey<String>> OF_ANSWERS =
      kinds(
          MethodDescriptor::getOutputType,
          Map.of("pod_sandbox_id", SANDBOX, "container_id", CONTAINER));

  /** The kinds by the bare names of RPCs. */
  private static Map<String, AttributeKey<String>> kinds(
      Function<MethodDescriptor, Descriptor> side, Map<String, AttributeKey<String>> byField) {
    Map<String, AttributeKey<String>> kinds = new HashMap<>();
    for (ServiceDescriptor service : services()) {
      for (MethodDescriptor rpc : service.getMethods()) {
        FieldDescriptor field = side.apply(rpc).findFieldByNumber(FIELD);
        if (field != null && byField.containsKey(field.getName())) {
          kinds.put(rpc.getName(), byField.get(field.getName()));
        }
      }
    }
    return Map.copyOf(kinds);
  }

  private static List<ServiceDescriptor> services() {
    return List.of(
            RuntimeServiceGrpc.getServiceDescriptor(), ImageServiceGrpc.getServiceDescriptor())
        .stream()
        .map(service -> (ProtoServiceDescriptorSupplier) service.getSchemaDescriptor())
        .map(schema -> Objects.requireNonNull(schema).getServiceDescriptor())
        .toList();
  }

  /**
   * Of a request.
   *
   * @param method the full name of its RPC
   * @param message of CRI, or its bytes
   */
  static Optional<Subject> ofRequest(String method, Object message) {
    return of(OF_REQUESTS.get(rpc(method)), message);
  }

  /** Of what was made, which only the answer says. */
  static Optional<Subject> ofAnswer(String method, Object message) {
    return of(OF_ANSWERS.get(rpc(method)), message);
  }

  void describe(Span span) {
    span.setAttribute(kind, id);
  }

  private static String rpc(String method) {
    return method.substring(method.lastIndexOf('/') + 1);
  }

  private static Optional<Subject> of(@Nullable AttributeKey<String> kind, Object message) {
    return kind == null
        ? Optional.empty()
        : text(message, kind.equals(IMAGE) ? 2 : 1)
            .filter(text -> !text.isEmpty())
            .map(text -> new Subject(kind, text));
  }

  /** The first field, or the first field of the message in it, and so on. */
  private static Optional<String> text(Object message, int depth) {
    return switch (message) {
      case byte[] bytes when depth == 1 -> Fields.text(bytes, FIELD);
      case byte[] bytes -> Fields.bytes(bytes, FIELD).flatMap(inner -> text(inner, depth - 1));
      case Message typed ->
          text(typed.getField(typed.getDescriptorForType().findFieldByNumber(FIELD)), depth - 1);
      case String text when depth == 0 -> Optional.of(text);
      default -> Optional.empty();
    };
  }
}
