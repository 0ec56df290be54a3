package io.intermodal.cri;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.intermodal.cri.v1.Api;
import io.intermodal.cri.v1.AuthConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds the compiled contract against the list of facts: one line for each RPC, field and enum
 * value of cri-api 1.37. A line reads {@code field, message, name, number, label, type}. A map is
 * what it is on the wire: a repeated entry.
 */
class ContractTest {
  private static final FileDescriptor CONTRACT = Api.getDescriptor();
  private static final String PACKAGE = CONTRACT.getPackage() + ".";

  @ParameterizedTest
  @ValueSource(strings = {"rpc", "field", "enum"})
  void what_is_compiled_is_what_is_listed(String kind) throws IOException {
    Set<String> listed = only(kind, listed());
    Set<String> compiled = only(kind, compiled());

    assertThat(listed).as("the list's lines of this kind").isNotEmpty();
    assertThat(difference(compiled, listed))
        .as(
            "in api.proto and not in cri-v1.37.tsv; the list has instead\n%s",
            near(listed, compiled))
        .isEmpty();
    assertThat(difference(listed, compiled)).as("in cri-v1.37.tsv and not in api.proto").isEmpty();
  }

  @Test
  void the_contract_is_complete() throws IOException {
    assertThat(only("rpc", compiled())).hasSize(43);
    assertThat(only("field", compiled())).hasSize(538);
    assertThat(only("enum", compiled())).hasSize(95);
    assertThat(listed()).hasSize(43 + 538 + 95);
  }

  /** Every message must be reachable: the list has no line for one without fields. */
  @Test
  void every_message_is_used_by_an_rpc() {
    Set<String> used = new TreeSet<>();
    for (ServiceDescriptor service : CONTRACT.getServices()) {
      for (MethodDescriptor rpc : service.getMethods()) {
        use(rpc.getInputType(), used);
        use(rpc.getOutputType(), used);
      }
    }

    assertThat(CONTRACT.getMessageTypes().stream().map(Descriptor::getFullName))
        .containsExactlyInAnyOrderElementsOf(
            used.stream().filter(name -> !name.endsWith("Entry")).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"password", "auth", "identity_token", "registry_token"})
  void a_secret_is_marked_so_that_printing_can_leave_it_out(String field) {
    FieldDescriptor secret = AuthConfig.getDescriptor().findFieldByName(field);

    assertThat(secret).isNotNull();
    assertThat(secret.getOptions().getDebugRedact()).isTrue();
  }

  private static void use(Descriptor message, Set<String> used) {
    if (used.add(message.getFullName())) {
      message.getFields().stream()
          .filter(field -> field.getJavaType() == FieldDescriptor.JavaType.MESSAGE)
          .forEach(field -> use(field.getMessageType(), used));
    }
  }

  private static Set<String> listed() throws IOException {
    InputStream resource =
        Objects.requireNonNull(ContractTest.class.getResourceAsStream("/cri-v1.37.tsv"));
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.isBlank())
          .map(line -> String.join("  ", line.split("\t", -1)))
          .collect(toCollection(TreeSet::new));
    }
  }

  private static Set<String> compiled() {
    Set<String> facts = new TreeSet<>();
    CONTRACT.getServices().forEach(service -> add(service, facts));
    CONTRACT.getMessageTypes().forEach(message -> add(message, facts));
    CONTRACT.getEnumTypes().forEach(type -> add(type, facts));
    return facts;
  }

  private static void add(ServiceDescriptor service, Set<String> facts) {
    for (MethodDescriptor rpc : service.getMethods()) {
      facts.add(
          fact(
              "rpc",
              service.getName(),
              rpc.getName(),
              name(rpc.getInputType().getFullName()),
              name(rpc.getOutputType().getFullName()),
              streaming(rpc)));
    }
  }

  private static String streaming(MethodDescriptor rpc) {
    if (rpc.isClientStreaming()) {
      return rpc.isServerStreaming() ? "both" : "client";
    }
    return rpc.isServerStreaming() ? "server" : "unary";
  }

  private static void add(Descriptor message, Set<String> facts) {
    for (FieldDescriptor field : message.getFields()) {
      facts.add(
          fact(
              "field",
              name(message.getFullName()),
              field.getName(),
              Integer.toString(field.getNumber()),
              label(field),
              type(field)));
    }
    message.getEnumTypes().forEach(type -> add(type, facts));
    message.getNestedTypes().forEach(nested -> add(nested, facts));
  }

  private static void add(EnumDescriptor type, Set<String> facts) {
    type.getValues()
        .forEach(value ->
            facts.add(
                fact(
                    "enum",
                    name(type.getFullName()),
                    value.getName(),
                    Integer.toString(value.getNumber()))));
  }

  private static String label(FieldDescriptor field) {
    if (field.toProto().getProto3Optional() || field.getContainingOneof() != null) {
      return "optional";
    }
    return field.isRepeated() ? "repeated" : "single";
  }

  private static String type(FieldDescriptor field) {
    FieldDescriptorProto proto = field.toProto();
    return proto.hasTypeName()
        ? name(proto.getTypeName().substring(1))
        : field.getType().name().toLowerCase(Locale.ROOT);
  }

  /** Without the package: {@code SecurityProfile.ProfileType}. */
  private static String name(String fullName) {
    return fullName.startsWith(PACKAGE) ? fullName.substring(PACKAGE.length()) : fullName;
  }

  private static String fact(String... words) {
    return String.join("  ", words);
  }

  private static Set<String> only(String kind, Set<String> facts) {
    return facts.stream()
        .filter(fact -> fact.startsWith(kind + "  "))
        .collect(toCollection(TreeSet::new));
  }

  private static Set<String> difference(Set<String> from, Set<String> without) {
    Set<String> rest = new TreeSet<>(from);
    rest.removeAll(without);
    return rest;
  }

  /** The list's lines for the names that differ, to be read beside the compiled ones. */
  private static String near(Set<String> listed, Set<String> compiled) {
    Set<String> names =
        difference(compiled, listed).stream()
            .map(ContractTest::subject)
            .collect(toCollection(TreeSet::new));
    Stream<String> lines = listed.stream().filter(line -> names.contains(subject(line)));
    return lines.collect(joining("\n"));
  }

  /** Kind, owner and name of a fact. */
  private static String subject(String fact) {
    return Arrays.stream(fact.split("  ", -1)).limit(3).collect(joining("  "));
  }
}
