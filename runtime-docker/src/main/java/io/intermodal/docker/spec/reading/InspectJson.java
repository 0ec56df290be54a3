package io.intermodal.docker.spec.reading;

import com.github.dockerjava.api.model.DockerObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A view on the inspect answer as it came, for fields that docker-java's model lacks. docker-java
 * keeps the whole JSON with the outermost object only.
 *
 * @param node a map, list or plain value; null where there is nothing
 */
record InspectJson(@Nullable Object node) {

  static InspectJson of(DockerObject outermost) {
    return new InspectJson(outermost.getRawValues());
  }

  InspectJson field(String name) {
    return new InspectJson(node instanceof Map<?, ?> map ? map.get(name) : null);
  }

  /** The elements of a list, none if it is not one. */
  List<InspectJson> elements() {
    return node instanceof List<?> list ? list.stream().map(InspectJson::new).toList() : List.of();
  }

  /** The text, "" if it is not one. */
  String text() {
    return node instanceof String text ? text : "";
  }

  boolean isTrue() {
    return Boolean.TRUE.equals(node);
  }
}
