package io.intermodal.docker.api;

import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.UnauthorizedException;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.intermodal.docker.transport.RequestCancelledException;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.CriException.Code;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The one place where what Docker or the way to it says becomes an error of CRI. */
public final class DockerErrors {
  private DockerErrors() {}

  /**
   * The error to throw for what went wrong with an object. One that is CRI's already stays as it
   * is.
   *
   * @param object what the request was about: {@code container 1234}
   */
  public static CriException of(String object, RuntimeException failure) {
    if (failure instanceof CriException known) {
      return known;
    }
    IOException broken = ioCause(failure);
    if (broken instanceof SocketTimeoutException) {
      return new CriException(
          Code.DEADLINE_EXCEEDED,
          "%s: Docker did not answer in time (%s)".formatted(object, broken.getMessage()),
          failure);
    }
    if (broken instanceof RequestCancelledException) {
      return new CriException(
          Code.CANCELLED, "%s: %s".formatted(object, broken.getMessage()), failure);
    }
    if (broken != null) {
      return new CriException(
          Code.UNAVAILABLE,
          "%s: Docker cannot be reached (%s): is dockerd running?"
              .formatted(object, broken.getMessage()),
          failure);
    }
    String said = message(failure);
    return new CriException(code(failure, said), "%s: %s".formatted(object, said), failure);
  }

  /**
   * The error to throw for a refusal of a request that docker-java had no part in.
   *
   * @param object what the request was about: {@code exec in container 1234}
   * @param status HTTP's
   * @param said the body: JSON, or plain text from where the answer was to be a stream
   */
  public static CriException refused(String object, int status, String said) {
    Code code =
        switch (status) {
          case 400 -> Code.INVALID_ARGUMENT;
          case 404 -> Code.NOT_FOUND;
          case 409 -> Code.FAILED_PRECONDITION;
          default -> Code.UNKNOWN;
        };
    return new CriException(code, "%s: %s".formatted(object, withoutJson(said)));
  }

  /** What Docker itself said, without the JSON around it. */
  public static String message(Throwable failure) {
    String text = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return failure instanceof DockerException ? withoutJson(text) : text.strip();
  }

  private static String withoutJson(String text) {
    int brace = text.indexOf('{');
    if (brace >= 0) {
      try {
        JsonObject json = JsonParser.parseString(text.substring(brace)).getAsJsonObject();
        if (json.has("message")) {
          return json.get("message").getAsString().strip();
        }
      } catch (JsonParseException | IllegalStateException e) {
        return text.strip();
      }
    }
    return text.strip();
  }

  private static Code code(RuntimeException failure, String said) {
    String text = said.toLowerCase(Locale.ROOT);
    if (text.contains("no space left on device")) {
      return Code.RESOURCE_EXHAUSTED;
    }
    if (isAboutCredentials(text)) {
      return Code.PERMISSION_DENIED;
    }
    if (text.contains("manifest unknown")
        || (text.contains("manifest for") && text.contains("not found"))
        || text.contains("repository does not exist")) {
      return Code.NOT_FOUND;
    }
    return switch (failure) {
      case NotFoundException _ -> Code.NOT_FOUND;
      case BadRequestException _ -> Code.INVALID_ARGUMENT;
      case ConflictException _ -> Code.FAILED_PRECONDITION;
      case UnauthorizedException _ -> Code.PERMISSION_DENIED;
      default -> Code.UNKNOWN;
    };
  }

  private static boolean isAboutCredentials(String text) {
    return text.contains("unauthorized")
        || text.contains("no basic auth credentials")
        || text.contains("denied: ")
        || text.contains("authentication required");
  }

  private static @Nullable IOException ioCause(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        return io;
      }
    }
    return null;
  }
}
