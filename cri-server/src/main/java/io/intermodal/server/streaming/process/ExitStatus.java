package io.intermodal.server.streaming.process;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;

/** How a session ended, as its client is told: Kubernetes' {@code metav1.Status}. */
sealed interface ExitStatus {
  /** The process has ended with this code. */
  record Exited(int code) implements ExitStatus {}

  /** There was no process, or it was lost. */
  record Failed(String message) implements ExitStatus {}

  /** The status in a version's form; empty where success goes without saying. */
  default byte[] toBytes(CommandProtocol protocol) {
    String text = protocol.jsonStatus() ? json().toString() : text();
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String text() {
    return switch (this) {
      case Exited(int code) -> code == 0 ? "" : nonZero(code);
      case Failed(String message) -> message;
    };
  }

  private JsonObject json() {
    JsonObject status = new JsonObject();
    status.add("metadata", new JsonObject());
    switch (this) {
      case Exited(int code) when code == 0 -> status.addProperty("status", "Success");
      case Exited(int code) -> {
        JsonObject cause = new JsonObject();
        cause.addProperty("reason", "ExitCode");
        cause.addProperty("message", Integer.toString(code));
        JsonArray causes = new JsonArray();
        causes.add(cause);
        JsonObject details = new JsonObject();
        details.add("causes", causes);
        status.addProperty("status", "Failure");
        status.addProperty("message", nonZero(code));
        status.addProperty("reason", "NonZeroExitCode");
        status.add("details", details);
      }
      case Failed(String message) -> {
        status.addProperty("status", "Failure");
        status.addProperty("message", message);
        status.addProperty("reason", "InternalError");
        status.addProperty("code", 500);
      }
    }
    return status;
  }

  private static String nonZero(int code) {
    return "command terminated with exit code " + code;
  }
}
