package io.intermodal.server.setup.output;

import io.intermodal.server.setup.change.Change;
import io.intermodal.server.setup.journal.Entry;
import io.intermodal.server.setup.service.Service;
import io.intermodal.server.setup.service.Services;

/**
 * Changes in words.
 *
 * @param services how they would be started by hand
 */
record Wording(Services services) {
  /** What is done, without the reason: "edit /etc/docker/daemon.json". */
  String of(Change change) {
    return switch (change) {
      case Change.OfFile file -> {
        String verb =
            file.wanted().isEmpty() ? "move aside" : file.present().isEmpty() ? "write" : "edit";
        yield "%s %s".formatted(verb, file.path());
      }
      case Change.OfKernelSetting setting ->
          "set %s = %s (%s)"
              .formatted(
                  setting.wanted().name(),
                  setting.wanted().value(),
                  setting
                      .present()
                      .map("it is %s"::formatted)
                      .orElse("modprobe " + setting.wanted().module().orElse("")));
      case Change.OfRule rule -> rule.rule().spelled();
      case Change.OfService service ->
          services.spelled(service.runs() ? "restart" : "start", service.service().service());
      case Change.Restored(Entry entry, String _) -> putBack(entry);
    };
  }

  private String putBack(Entry entry) {
    return switch (entry) {
      case Entry.ChangedFile file ->
          file.before().isPresent() ? "put back " + file.path() : "remove " + file.path();
      case Entry.ChangedKernelSetting setting ->
          "set %s = %s".formatted(setting.name(), setting.before());
      case Entry.AddedRule added -> added.rule().spelled().replace(" -I ", " -D ");
      case Entry.ChangedService changed -> {
        Service service = changed.service();
        yield services.spelled(changed.ranBefore() ? "restart" : "stop", service);
      }
      case Entry.FoundOnNode _ -> "remove the pods and images that came since";
    };
  }
}
