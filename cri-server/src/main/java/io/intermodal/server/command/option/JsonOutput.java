package io.intermodal.server.command.option;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import java.io.PrintStream;

/** How subcommands print JSON: indented, and with paths and arrows as they are. */
public final class JsonOutput {
  private static final Gson JSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private JsonOutput() {}

  /** Prints it, and ends the line. */
  public static void print(JsonElement json, PrintStream out) {
    out.println(JSON.toJson(json));
  }
}
