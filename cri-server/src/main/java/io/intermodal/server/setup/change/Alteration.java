package io.intermodal.server.setup.change;

import com.google.protobuf.ByteString;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.server.setup.change.WantedNode.KernelSetting;
import io.intermodal.server.setup.change.WantedNode.WantedService;
import io.intermodal.server.setup.host.FileState;
import io.intermodal.server.setup.host.HostFiles;
import io.intermodal.server.setup.journal.Entry;
import io.intermodal.server.setup.journal.Entry.AddedRule;
import io.intermodal.server.setup.journal.Entry.ChangedFile;
import io.intermodal.server.setup.journal.Entry.ChangedKernelSetting;
import io.intermodal.server.setup.journal.Entry.ChangedService;
import io.intermodal.server.setup.journal.Journal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes changes. Each can be interrupted anywhere, by the end of this process too: the journal says
 * before a change how the thing was, and everything that is done can be done again. So the next
 * comparison finds what is left to do, and taking back finds all that was done.
 */
public final class Alteration {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final Machine machine;
  private final Journal journal;
  private final Narrator narrator;

  public Alteration(Machine machine, Journal journal, Narrator narrator) {
    this.machine = machine;
    this.journal = journal;
    this.narrator = narrator;
  }

  /**
   * Makes them all: first what is wanted, then what is put back. Services are ready afterwards.
   *
   * @throws SetupException when a daemon does not become ready: with its last words
   * @throws IOException when something cannot be changed; what was is in the journal
   */
  public void make(List<Change> changes) throws SetupException, IOException {
    List<Change.OfService> services = of(Change.OfService.class, changes);
    // Known before its files change: a daemon that was not started again after that is seen to be.
    for (Change.OfService change : services) {
      journal.put(entry(change.service()).startedWith(Optional.empty()));
    }
    for (Change.OfFile change : of(Change.OfFile.class, changes)) {
      make(change);
    }
    for (Change.OfKernelSetting change : of(Change.OfKernelSetting.class, changes)) {
      make(change);
    }
    for (Change.OfRule change : of(Change.OfRule.class, changes)) {
      journal.put(new AddedRule(change.rule()));
      machine.network().add(change.rule());
      narrator.done(change.rule().spelled());
    }
    for (Change.OfService change : services) {
      make(change);
    }
    putBack(of(Change.Restored.class, changes).stream().map(Change.Restored::entry).toList());
  }

  private static <C extends Change> List<C> of(Class<C> kind, List<Change> changes) {
    return changes.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private void make(Change.OfFile change) throws IOException {
    HostFiles files = machine.files();
    Optional<ByteString> wanted = change.wanted().map(ByteString::copyFromUtf8);
    ChangedFile before =
        journal
            .file(change.path())
            .orElseGet(() ->
                new ChangedFile(
                    change.path(),
                    change.present(),
                    files.missingFolders(change.path()),
                    Optional.empty()));
    journal.put(
        new ChangedFile(
            before.path(), before.before(), before.madeFolders(), wanted.map(FileState::digest)));
    if (wanted.isPresent()) {
      files.write(change.path(), wanted.get());
      narrator.done("wrote " + change.path());
    } else {
      files.delete(change.path());
      narrator.done("removed " + change.path());
    }
  }

  private void make(Change.OfKernelSetting change) throws IOException {
    KernelSetting wanted = change.wanted();
    Optional<String> present = change.present();
    if (present.isEmpty() && wanted.module().isPresent()) {
      machine.kernel().load(wanted.module().get());
      narrator.done("loaded the module " + wanted.module().get());
      present = machine.kernel().read(wanted.name());
    }
    if (present.isEmpty() || present.get().equals(wanted.value())) {
      return;
    }
    if (journal.find(ChangedKernelSetting.subject(wanted.name())).isEmpty()) {
      journal.put(new ChangedKernelSetting(wanted.name(), present.get()));
    }
    machine.kernel().write(wanted.name(), wanted.value());
    narrator.done("set %s = %s".formatted(wanted.name(), wanted.value()));
  }

  private void make(Change.OfService change) throws SetupException, IOException {
    WantedService wanted = change.service();
    String verb = change.runs() ? "restart" : "start";
    String spelled = machine.services().spelled(verb, wanted.service());
    narrator.began("%s: %s".formatted(wanted.service().name(), spelled));
    try {
      if (change.runs()) {
        machine.services().restart(wanted.service());
      } else {
        machine.services().start(wanted.service());
      }
    } catch (IOException e) {
      throw failed(wanted, String.valueOf(e.getMessage()), e);
    }
    awaitReady(wanted);
    journal.put(entry(wanted).startedWith(Optional.of(change.digest())));
    narrator.done(wanted.service().name() + " is ready");
  }

  /** How a service was found, looked at now if it was not changed yet. */
  private ChangedService entry(WantedService wanted) throws IOException {
    Optional<ChangedService> known = journal.service(wanted.service().name());
    if (known.isPresent()) {
      ChangedService before = known.get();
      return new ChangedService(
          wanted.service(),
          before.ranBefore(),
          before.enabledBefore(),
          before.startedWith(),
          // As it was planned when it was first started: what is there now may be its own.
          before.leavings(),
          before.network());
    }
    return new ChangedService(
        wanted.service(),
        machine.services().running(wanted.service()),
        machine.services().enabled(wanted.service()),
        Optional.empty(),
        wanted.leavings(),
        machine.network().look());
  }

  /**
   * Waits until a daemon does what it is for.
   *
   * @throws SetupException when it does not within its time: with its last words
   */
  public void awaitReady(WantedService wanted) throws SetupException, IOException {
    long deadline = System.nanoTime() + wanted.patience().toNanos();
    Optional<String> whyNot = wanted.readiness().whyNot();
    while (whyNot.isPresent()) {
      if (System.nanoTime() > deadline) {
        throw failed(wanted, whyNot.get(), null);
      }
      try {
        Thread.sleep(BETWEEN_LOOKS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for " + wanted.service().name(), e);
      }
      whyNot = wanted.readiness().whyNot();
    }
  }

  private SetupException failed(WantedService wanted, String why, @Nullable Throwable cause) {
    String words = machine.services().lastWords(wanted.service());
    return new SetupException(
        "%s does not become ready: %s. %s \"node down\" takes back what was changed."
            .formatted(
                wanted.service().name(),
                why,
                words.isEmpty()
                    ? "It has written no log."
                    : "Its log ends with:\n" + words.indent(2)),
        cause);
  }

  private void putBack(List<Entry> entries) throws IOException {
    List<ChangedService> services =
        entries.stream()
            .filter(ChangedService.class::isInstance)
            .map(ChangedService.class::cast)
            .toList();
    for (ChangedService service : services) {
      stop(service);
    }
    for (Entry entry : entries) {
      switch (entry) {
        case ChangedFile file -> putBack(file);
        case ChangedKernelSetting setting -> putBack(setting);
        case AddedRule added -> {
          machine.network().remove(added.rule());
          journal.remove(added);
        }
        case ChangedService _ -> {
          // Its files come first.
        }
        case Entry.FoundOnNode found -> journal.remove(found);
      }
    }
    for (ChangedService service : services) {
      putBack(service);
    }
  }

  /** A daemon that did not run before ends; one that did goes on, with the files of before. */
  private void stop(ChangedService changed) throws IOException {
    if (!changed.ranBefore()) {
      narrator.began(
          "%s: %s"
              .formatted(
                  changed.service().name(), machine.services().spelled("stop", changed.service())));
      machine.services().stop(changed.service());
      machine.network().takeAway(changed.leavings(), changed.network());
    }
    if (!changed.enabledBefore()) {
      machine.services().disable(changed.service());
    }
  }

  private void putBack(ChangedService changed) throws IOException {
    if (changed.ranBefore()) {
      narrator.began(
          "%s: %s"
              .formatted(
                  changed.service().name(),
                  machine.services().spelled("restart", changed.service())));
      machine.services().restart(changed.service());
      if (!changed.enabledBefore()) {
        machine.services().disable(changed.service());
      }
    }
    machine.services().unitsChanged();
    journal.remove(changed);
    narrator.done(
        "%s is %s"
            .formatted(changed.service().name(), changed.ranBefore() ? "restarted" : "ended"));
  }

  private void putBack(ChangedKernelSetting setting) throws IOException {
    if (machine.kernel().read(setting.name()).isPresent()) {
      machine.kernel().write(setting.name(), setting.before());
    }
    journal.remove(setting);
    narrator.done("set %s = %s, as before".formatted(setting.name(), setting.before()));
  }

  private void putBack(ChangedFile changed) throws IOException {
    HostFiles files = machine.files();
    Path path = changed.path();
    Optional<FileState> present = files.state(path);
    boolean othersWrote =
        present.isPresent()
            && !changed.isAsWritten(present)
            && !present.map(FileState::content).equals(changed.before().map(FileState::content));
    if (othersWrote) {
      // What others have written since is theirs; it stands beside what was there before.
      Path kept = path.resolveSibling(path.getFileName() + ".intermodal-kept");
      files.put(kept, present.get());
      narrator.done(
          "%s was changed by others since: their version is kept in %s".formatted(path, kept));
    }
    if (changed.before().isPresent()) {
      files.put(path, changed.before().get());
      narrator.done("put back " + path);
    } else {
      files.delete(path);
      files.deleteEmpty(changed.madeFolders());
      narrator.done("removed " + path);
    }
    journal.remove(changed);
  }
}
