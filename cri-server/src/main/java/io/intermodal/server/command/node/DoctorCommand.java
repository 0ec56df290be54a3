package io.intermodal.server.command.node;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.intermodal.runtime.setup.Finding;
import io.intermodal.server.command.Subcommand;
import io.intermodal.server.config.Setting;
import io.intermodal.server.node.HostFacts;
import io.intermodal.server.setup.doctor.Doctor;
import io.intermodal.server.setup.host.Programs;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/** {@code intermodal doctor}, and {@code intermodal node doctor}: what is wrong here. */
public final class DoctorCommand implements Subcommand {
  @Override
  public String name() {
    return "doctor";
  }

  @Override
  public String description() {
    return "Says what is wrong with this machine and its engines, each with its mend. Exits with 0"
        + " when nothing is broken, with 1 otherwise.";
  }

  @Override
  public List<Setting<?>> settings() {
    return NodeAccess.SETTINGS;
  }

  @Override
  public void describe(CommandSpec spec) {
    Output.describe(spec);
  }

  @Override
  public int run(Invocation invocation) throws Exception {
    Output output = Output.of(invocation);
    List<Finding> findings;
    try (NodeAccess access = NodeAccess.open(invocation)) {
      findings =
          new Doctor(access.node(), HostFacts.ofThisHost().find(), Programs.ofThisHost())
              .findings();
    }
    output.print(lines(findings), json(findings), invocation.out());
    boolean broken =
        findings.stream().anyMatch(finding -> finding.severity() == Finding.Severity.BROKEN);
    return broken ? FAILED : OK;
  }

  private static List<String> lines(List<Finding> findings) {
    return findings.isEmpty()
        ? List.of("nothing is wrong")
        : findings.stream()
            .flatMap(finding ->
                Stream.of(
                    "%s %s: %s".formatted(word(finding), finding.subject(), finding.problem()),
                    "  mend: " + finding.mend()))
            .toList();
  }

  private static JsonArray json(List<Finding> findings) {
    JsonArray all = new JsonArray();
    for (Finding finding : findings) {
      JsonObject json = new JsonObject();
      json.addProperty("severity", word(finding));
      json.addProperty("subject", finding.subject());
      json.addProperty("problem", finding.problem());
      json.addProperty("mend", finding.mend());
      all.add(json);
    }
    return all;
  }

  private static String word(Finding finding) {
    return finding.severity().name().toLowerCase(Locale.ROOT);
  }
}
