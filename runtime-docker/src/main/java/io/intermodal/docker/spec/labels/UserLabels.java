package io.intermodal.docker.spec.labels;

import com.google.common.base.Splitter;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The labels and annotations that came with the request, and how both become Docker labels.
 *
 * @param labels as in the request
 * @param annotations as in the request
 */
record UserLabels(Map<String, String> labels, Map<String, String> annotations) {

  UserLabels {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /** Reads them back, leaving out what is ours and, if that is known, what is the image's. */
  static UserLabels read(Map<String, String> raw, boolean sandbox) {
    Map<String, String> labels = new LinkedHashMap<>();
    Map<String, String> annotations = new LinkedHashMap<>();
    raw.forEach((key, value) -> {
      if (key.startsWith(LabelKeys.ESCAPED_PREFIX)) {
        labels.put(key.substring(LabelKeys.ESCAPED_PREFIX.length()), value);
      } else if (key.startsWith(LabelKeys.ANNOTATION_PREFIX)) {
        annotations.put(key.substring(LabelKeys.ANNOTATION_PREFIX.length()), value);
      } else if (!LabelKeys.isReserved(key, sandbox)) {
        labels.put(key, value);
      }
    });
    String requested = raw.get(LabelKeys.REQUESTED);
    if (requested != null) {
      labels.keySet().retainAll(decoded(requested));
    }
    return new UserLabels(labels, annotations);
  }

  private static Set<String> decoded(String keys) {
    return Splitter.on(',')
        .splitToStream(keys)
        .map(key -> URLDecoder.decode(key, StandardCharsets.UTF_8))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String encoded(Set<String> keys) {
    return keys.stream()
        .sorted()
        .map(key -> URLEncoder.encode(key, StandardCharsets.UTF_8))
        .collect(Collectors.joining(","));
  }

  void write(Map<String, String> raw, boolean sandbox) {
    labels.forEach((key, value) ->
        raw.put(LabelKeys.isReserved(key, sandbox) ? LabelKeys.ESCAPED_PREFIX + key : key, value));
    raw.put(LabelKeys.REQUESTED, encoded(labels.keySet()));
    annotations.forEach((key, value) -> raw.put(LabelKeys.ANNOTATION_PREFIX + key, value));
  }
}
