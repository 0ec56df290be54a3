package io.intermodal.server.setup.change;

import com.google.protobuf.ByteString;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.runtime.setup.WantedFile;
import io.intermodal.server.setup.change.WantedNode.AbsentFile;
import io.intermodal.server.setup.change.WantedNode.FilterRule;
import io.intermodal.server.setup.change.WantedNode.KernelSetting;
import io.intermodal.server.setup.change.WantedNode.WantedService;
import io.intermodal.server.setup.host.FileState;
import io.intermodal.server.setup.journal.Entry;
import io.intermodal.server.setup.journal.Entry.AddedRule;
import io.intermodal.server.setup.journal.Entry.ChangedFile;
import io.intermodal.server.setup.journal.Entry.ChangedKernelSetting;
import io.intermodal.server.setup.journal.Entry.ChangedService;
import io.intermodal.server.setup.journal.Entry.FoundOnNode;
import io.intermodal.server.setup.journal.Journal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds what differs between the node and how it must be. Changes nothing. */
public final class Comparison {
  private static final String NOT_WANTED =
      "it was changed for this node, and is not wanted any more";

  private final Machine machine;
  private final Journal journal;

  public Comparison(Machine machine, Journal journal) {
    this.machine = machine;
    this.journal = journal;
  }

  /**
   * What is to be done, in the order in which it is done; nothing when the node is as it must be.
   *
   * @throws SetupException when it cannot be done by us
   * @throws IOException when the node cannot be looked at
   */
  public List<Change> changes(WantedNode wanted) throws SetupException, IOException {
    List<Change> changes = new ArrayList<>();
    Set<String> subjects = new HashSet<>(Set.of(FoundOnNode.SUBJECT));
    for (AbsentFile file : wanted.absent()) {
      subjects.add(ChangedFile.subject(file.path()));
      Optional<FileState> present = machine.files().state(file.path());
      if (present.isPresent()) {
        changes.add(new Change.OfFile(file.path(), present, Optional.empty(), file.reason()));
      }
    }
    Set<Path> rewritten = new HashSet<>();
    for (WantedFile file : wanted.files()) {
      subjects.add(ChangedFile.subject(file.path()));
      Optional<FileState> present = machine.files().state(file.path());
      if (!present.map(FileState::content).equals(Optional.of(bytes(file)))) {
        rewritten.add(file.path());
        changes.add(
            new Change.OfFile(file.path(), present, Optional.of(file.content()), file.reason()));
      }
    }
    for (KernelSetting setting : wanted.settings()) {
      subjects.add(ChangedKernelSetting.subject(setting.name()));
      Optional<String> present = machine.kernel().read(setting.name());
      boolean there =
          present.isPresent() || setting.module().filter(machine.kernel()::loadable).isPresent();
      if (there && !present.equals(Optional.of(setting.value()))) {
        changes.add(new Change.OfKernelSetting(setting, present));
      }
    }
    for (FilterRule rule : wanted.rules()) {
      subjects.add(AddedRule.subject(rule.rule()));
      if (!machine.network().has(rule.rule())) {
        changes.add(new Change.OfRule(rule.rule(), rule.reason()));
      }
    }
    for (WantedService service : wanted.services()) {
      subjects.add(ChangedService.subject(service.service().name()));
      change(service, rewritten).ifPresent(changes::add);
    }
    for (Entry entry : journal.entries().reversed()) {
      if (!subjects.contains(entry.subject())
          || (wanted.equals(WantedNode.NONE) && entry instanceof FoundOnNode)) {
        changes.add(new Change.Restored(entry, NOT_WANTED));
      }
    }
    return changes;
  }

  private Optional<Change> change(WantedService service, Set<Path> rewritten)
      throws SetupException, IOException {
    String name = service.service().name();
    List<Path> files =
        service.configuration().stream().map(WantedFile::path).filter(rewritten::contains).toList();
    String digest = digest(service);
    Optional<ChangedService> entry = journal.service(name);
    if (!machine.services().running(service.service())) {
      if (service.readiness().whyNot().isPresent()) {
        return Optional.of(new Change.OfService(service, false, digest, "it does not run"));
      }
      if (!files.isEmpty()) {
        throw new SetupException(
            "%s runs, but nothing that could start it again has started it: end it (its configuration in %s must change), then try again"
                .formatted(name, files.getFirst()));
      }
      return Optional.empty();
    }
    if (!files.isEmpty()) {
      return Optional.of(
          new Change.OfService(
              service, true, digest, "it reads %s when it starts".formatted(files)));
    }
    boolean startedWithOther =
        entry.isPresent() && !entry.get().startedWith().equals(Optional.of(digest));
    return startedWithOther
        ? Optional.of(
            new Change.OfService(
                service, true, digest, "its configuration was changed since it was started"))
        : Optional.empty();
  }

  private static String digest(WantedService service) {
    StringBuilder all = new StringBuilder(String.join("\0", service.service().daemon().command()));
    for (WantedFile file : service.configuration()) {
      all.append('\0').append(file.path()).append('\0').append(file.content());
    }
    return FileState.digest(ByteString.copyFrom(all.toString(), StandardCharsets.UTF_8));
  }

  private static ByteString bytes(WantedFile file) {
    return ByteString.copyFromUtf8(file.content());
  }
}
