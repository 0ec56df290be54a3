package io.intermodal.tests.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the server answers to Prometheus and to probes. */
public record Monitoring(URI base) {
  private static final Pattern ANNOUNCEMENT =
      Pattern.compile("serving metrics on (http://\\S+/)metrics");
  private static final Pattern SAMPLE =
      Pattern.compile("^(\\w+)(?:\\{(.*)})? (\\S+)$", Pattern.MULTILINE);
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

  static Monitoring announcedIn(String log) {
    List<String> all = ANNOUNCEMENT.matcher(log).results().map(found -> found.group(1)).toList();
    return new Monitoring(URI.create(all.getLast()));
  }

  /** One line of a scrape. */
  public record Sample(String name, Map<String, String> labels, double value) {}

  /** All lines of one scrape. */
  public record Scrape(List<Sample> samples) {
    public Set<String> names() {
      return samples.stream().map(Sample::name).collect(Collectors.toUnmodifiableSet());
    }

    /** The sum over all series that carry these labels, as pairs; empty when none does. */
    public OptionalDouble sum(String name, String... labels) {
      double[] values =
          samples.stream()
              .filter(sample -> sample.name().equals(name) && carries(sample, labels))
              .mapToDouble(Sample::value)
              .toArray();
      return values.length == 0
          ? OptionalDouble.empty()
          : OptionalDouble.of(Arrays.stream(values).sum());
    }

    private static boolean carries(Sample sample, String... labels) {
      for (int i = 0; i < labels.length; i += 2) {
        if (!labels[i + 1].equals(sample.labels().get(labels[i]))) {
          return false;
        }
      }
      return true;
    }
  }

  public Scrape scrape() {
    HttpResponse<String> answer = get("metrics");
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.statusCode() + ": " + answer.body());
    }
    return new Scrape(
        SAMPLE
            .matcher(answer.body())
            .results()
            .map(line -> new Sample(line.group(1), labels(line), Double.parseDouble(line.group(3))))
            .toList());
  }

  private static Map<String, String> labels(MatchResult line) {
    Map<String, String> labels = new LinkedHashMap<>();
    if (line.group(2) != null) {
      LABEL.matcher(line.group(2)).results().forEach(l -> labels.put(l.group(1), l.group(2)));
    }
    return labels;
  }

  /** Whether the process says that it lives. */
  public HttpResponse<String> health() {
    return get("healthz");
  }

  /** Whether pods can be run. */
  public HttpResponse<String> readiness() {
    return get("readyz");
  }

  private HttpResponse<String> get(String path) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(base.resolve(path)).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
