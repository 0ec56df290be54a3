package io.intermodal.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.intermodal.server.config.Setting;
import io.intermodal.server.config.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineProgramTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void config_prints_each_setting_its_value_and_where_it_came_from() throws IOException {
    Path file = Files.writeString(folder.resolve("c.yaml"), "\nlog-format: json\n");

    assertThat(
            run(
                Map.of("INTERMODAL_LOG_LEVEL", "debug"),
                "config",
                "--config=" + file,
                "--state-dir=/s"))
        .isZero();

    assertThat(printed(out))
        .containsPattern("(?m)^SETTING +VALUE +FROM$")
        .containsPattern("(?m)^state-dir +/s +--state-dir$")
        .containsPattern("(?m)^log-level +debug +INTERMODAL_LOG_LEVEL$")
        .containsPattern("(?m)^log-format +json +" + file + ":2$")
        .containsPattern("(?m)^docker-endpoint +- +default$")
        .hasLineCount(Settings.ALL.size() + 1);
  }

  @Test
  void what_config_prints_as_yaml_is_a_file_of_settings() throws IOException {
    assertThat(run("config", "-o", "yaml", "--cni-bin-dir=/a:/b", "--rkt-command=rkt --dir \"/x\""))
        .isZero();
    Path file = Files.writeString(folder.resolve("c.yaml"), printed(out));
    out.reset();

    assertThat(run("config", "-o", "json", "--config=" + file)).isZero();

    JsonObject settings = JsonParser.parseString(printed(out)).getAsJsonObject();
    assertThat(text(settings, "cni-bin-dir", "value")).isEqualTo("/a:/b");
    assertThat(text(settings, "cni-bin-dir", "from")).startsWith(file + ":");
    assertThat(text(settings, "rkt-command", "value")).isEqualTo("rkt --dir \"/x\"");
    assertThat(settings.keySet()).hasSize(Settings.ALL.size());
  }

  @Test
  void help_shows_each_setting_with_its_default_and_variable() {
    assertThat(run("serve", "--help")).isZero();

    String help = printed(out).replaceAll("\\s+", " ");
    assertThat(Settings.ALL)
        .allSatisfy(setting ->
            assertThat(help)
                .contains(setting.flag(), setting.description(), setting.environmentVariable()));
    assertThat(err.size()).isZero();
  }

  @Test
  void the_page_of_settings_in_the_docs_is_the_one_that_the_program_prints() throws IOException {
    assertThat(run("config", "--output=reference")).isZero();

    // Tests run in the module's folder.
    assertThat(Path.of("../docs/configuration.md")).hasContent(printed(out));
  }

  @Test
  void what_is_not_understood_is_one_line_and_exit_code_2() {
    assertUsage(
        "intermodal serve: Unknown option: '--listn=x' (did you mean --listen?)",
        "serve",
        "--listn=x");
    assertUsage("intermodal serve: --listen: \"x\" (expected: unix:///", "serve", "--listen=x");
    assertUsage("intermodal serve: Missing required parameter", "serve", "--listen");
    assertUsage("intermodal config: Invalid value for option '--output'", "config", "-o", "xml");
    assertUsage("intermodal: Unmatched argument", "sevre");
  }

  @Test
  void without_a_subcommand_the_help_is_shown_and_the_exit_code_is_2() {
    assertThat(run()).isEqualTo(2);
    assertThat(printed(err)).contains("serve", "config", "version");
  }

  @Test
  void a_failure_is_one_line_and_exit_code_1() {
    int code =
        program(
                Map.of(),
                new Failing(new IOException("disk full:\nfree some"), List.of(Settings.STATE_DIR)))
            .run("fail");

    assertThat(code).isEqualTo(1);
    assertThat(printed(err)).isEqualTo("intermodal fail: disk full: free some\n");
  }

  @Test
  void an_unforeseen_failure_names_its_kind() {
    int code =
        program(Map.of(), new Failing(new IllegalStateException("odd"), List.of())).run("fail");

    assertThat(code).isEqualTo(1);
    assertThat(printed(err)).isEqualTo("intermodal fail: java.lang.IllegalStateException: odd\n");
  }

  @Test
  void version_says_which_versions_of_cri_are_spoken() {
    assertThat(run(Map.of("INTERMODAL_LISTEN", "nonsense"), "version")).isZero();
    assertThat(printed(out)).startsWith("intermodal ").contains("CRI v1, v1alpha2");
  }

  @Test
  void a_group_says_what_may_follow_it_and_its_members_are_called_by_both_words() {
    CommandLineProgram program =
        program(
            Map.of(),
            new SubcommandGroup(
                "group", "Groups.", List.of(new Failing(new IOException("no luck"), List.of()))));

    assertThat(program.run("group")).isEqualTo(2);
    assertThat(printed(err)).startsWith("Usage: intermodal group").contains("fail");
    err.reset();
    assertThat(program.run("group", "fail")).isEqualTo(1);
    assertThat(printed(err)).isEqualToIgnoringNewLines("intermodal group fail: no luck");
    err.reset();
    assertThat(program.run("group", "fial")).isEqualTo(2);
    assertThat(printed(err)).startsWith("intermodal group: ").contains("fial");
  }

  private void assertUsage(String message, String... arguments) {
    err.reset();
    assertThat(run(arguments)).isEqualTo(2);
    assertThat(printed(err)).startsWith(message).hasLineCount(1);
  }

  private int run(String... arguments) {
    return run(Map.of(), arguments);
  }

  private int run(Map<String, String> environment, String... arguments) {
    return program(environment, CommandLineProgram.standard().toArray(Subcommand[]::new))
        .run(arguments);
  }

  private CommandLineProgram program(Map<String, String> environment, Subcommand... subcommands) {
    return new CommandLineProgram(
        List.of(subcommands),
        environment,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static String printed(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }

  private static String text(JsonObject settings, String name, String field) {
    return settings.getAsJsonObject(name).get(field).getAsString();
  }

  /** A subcommand that fails. */
  private record Failing(Exception failure, List<Setting<?>> settings) implements Subcommand {
    @Override
    public String name() {
      return "fail";
    }

    @Override
    public String description() {
      return "Fails.";
    }

    @Override
    public int run(Invocation invocation) throws Exception {
      throw failure;
    }
  }
}
