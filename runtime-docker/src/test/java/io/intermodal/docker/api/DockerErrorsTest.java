package io.intermodal.docker.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import com.github.dockerjava.api.exception.NotFoundException;
import io.intermodal.docker.transport.RequestCancelledException;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.EOFException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DockerErrorsTest {
  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(
            new NotFoundException("{\"message\":\"No such container: x\"}"), Code.NOT_FOUND),
        Arguments.of(
            new BadRequestException("{\"message\":\"invalid reference format\"}"),
            Code.INVALID_ARGUMENT),
        Arguments.of(
            new ConflictException("{\"message\":\"Container x is not running\"}"),
            Code.FAILED_PRECONDITION),
        Arguments.of(
            new InternalServerErrorException("{\"message\":\"devices.allow: broken\"}"),
            Code.UNKNOWN),
        Arguments.of(
            new InternalServerErrorException(
                "{\"message\":\"write /var/lib/docker/x: no space left on device\"}"),
            Code.RESOURCE_EXHAUSTED),
        Arguments.of(
            new DockerClientException(
                "Could not pull image: manifest for 127.0.0.1:5000/a:b not found: manifest unknown"),
            Code.NOT_FOUND),
        Arguments.of(
            new InternalServerErrorException(
                "{\"message\":\"Head \\\"https://r/v2/a/manifests/b\\\": unauthorized: denied\"}"),
            Code.PERMISSION_DENIED),
        Arguments.of(
            new InternalServerErrorException(
                "{\"message\":\"Get \\\"http://r/v2/\\\": no basic auth credentials\"}"),
            Code.PERMISSION_DENIED),
        Arguments.of(
            new UncheckedIOException(new ConnectException("unix:///d.sock: Connection refused")),
            Code.UNAVAILABLE),
        Arguments.of(
            new RuntimeException(new EOFException("the daemon closed the connection")),
            Code.UNAVAILABLE),
        Arguments.of(
            new UncheckedIOException(new SocketTimeoutException("GET /info was not answered")),
            Code.DEADLINE_EXCEEDED),
        Arguments.of(
            new UncheckedIOException(new RequestCancelledException("the caller went away")),
            Code.CANCELLED));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void eachFailureHasItsCodeAndNamesItsObject(RuntimeException failure, Code code) {
    CriException error = DockerErrors.of("container x", failure);
    assertThat(error.code()).isEqualTo(code);
    assertThat(error).hasMessageStartingWith("container x").hasCause(failure);
  }

  @Test
  void whatDockerSaidIsKeptWithoutTheJsonAroundIt() {
    assertThat(
            DockerErrors.of(
                "container x",
                new NotFoundException("Status 404: {\"message\":\"No such one\"}\n")))
        .hasMessage("container x: No such one");
  }

  @Test
  void aDaemonThatIsAwayIsNamedWithItsSocket() {
    assertThat(
            DockerErrors.of(
                "pods", new UncheckedIOException(new ConnectException("unix:///d.sock: no"))))
        .hasMessageContaining("unix:///d.sock")
        .hasMessageContaining("is dockerd running?");
  }

  @Test
  void anErrorOfOursStaysAsItIs() {
    CriException ours = CriException.invalid("mine");
    assertThat(DockerErrors.of("container x", ours)).isSameAs(ours);
  }
}
