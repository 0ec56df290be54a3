package io.intermodal.server.setup.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.setup.Daemon;
import io.intermodal.runtime.setup.Leavings;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.runtime.setup.WantedFile;
import io.intermodal.server.setup.change.WantedNode.AbsentFile;
import io.intermodal.server.setup.change.WantedNode.FilterRule;
import io.intermodal.server.setup.change.WantedNode.KernelSetting;
import io.intermodal.server.setup.change.WantedNode.WantedService;
import io.intermodal.server.setup.service.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlterationTest {
  private static final Path NEW = Path.of("/etc/engine/deep/new.toml");
  private static final Path EDITED = Path.of("/etc/edited.json");
  private static final Path OTHERS = Path.of("/etc/cni/net.d/10-others.conflist");
  private static final String FORWARDING = "net.ipv4.ip_forward";

  @TempDir private Path folder;
  private MadeUpMachine made;
  private Map<String, String> before;

  @BeforeEach
  void a_machine_as_it_was_found() throws IOException {
    made = found("machine");
    before = made.everything();
  }

  private MadeUpMachine found(String name) throws IOException {
    Path root = folder.resolve(name);
    MadeUpMachine machine = new MadeUpMachine(root);
    machine.read = List.of(NEW, EDITED);
    file(root, EDITED, "old\n", "rw-r-----");
    file(root, OTHERS, "others' network\n", "rw-r--r--");
    machine.running.put("old", machine.whatItReads());
    return machine;
  }

  private static void file(Path root, Path path, String text, String permissions)
      throws IOException {
    Path place = root.resolve(path.toString().substring(1));
    Files.createDirectories(place.getParent());
    Files.writeString(place, text);
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString(permissions));
    Files.setLastModifiedTime(place, FileTime.fromMillis(1_600_000_000_000L));
  }

  private WantedNode wanted(String content) {
    WantedFile fresh = new WantedFile(NEW, content, "it must be there");
    WantedFile edited = new WantedFile(EDITED, "new\n", "it must say something else");
    return new WantedNode.Builder()
        .files(List.of(fresh, edited))
        .absent(new AbsentFile(OTHERS, "it is in the way"))
        .setting(new KernelSetting(FORWARDING, "1", Optional.empty(), "packets pass"))
        .rule(new FilterRule(MadeUpMachine.rule(), "packets pass"))
        .service(service("engine", fresh))
        .service(service("old", edited))
        .build();
  }

  private WantedService service(String name, WantedFile file) {
    return new WantedService(
        new Service(name, new Daemon(name + ".service", List.of("/usr/bin/" + name))),
        List.of(file),
        () -> made.running.containsKey(name) ? Optional.empty() : Optional.of("it is silent"),
        Duration.ofSeconds(5),
        Leavings.NONE);
  }

  private List<Change> changes(WantedNode wanted) throws SetupException, IOException {
    return new Comparison(made.machine(), made.journal()).changes(wanted);
  }

  private void bring(WantedNode wanted) throws SetupException, IOException {
    new Alteration(made.machine(), made.journal(), Narrator.SILENT).make(changes(wanted));
  }

  private void assertUp(String content) throws SetupException, IOException {
    assertThat(made.machine().files().read(NEW)).hasValue(content);
    assertThat(made.machine().files().read(EDITED)).hasValue("new\n");
    assertThat(made.machine().files().read(OTHERS)).isEmpty();
    assertThat(made.machine().kernel().read(FORWARDING)).hasValue("1");
    assertThat(made.rules).hasSize(1);
    // Both run with what their files say now.
    assertThat(made.running).containsOnlyKeys("engine", "old");
    assertThat(made.running.values()).allMatch(started -> started.contains("new\n"));
    assertThat(made.running.get("engine")).contains(content);
    assertThat(changes(wanted(content))).isEmpty();
  }

  @Test
  void what_is_wanted_is_made_and_a_second_time_nothing_is_left_to_do() throws Exception {
    bring(wanted("fresh\n"));

    assertUp("fresh\n");
    assertThat(made.restarts).containsExactly("old");
  }

  @Test
  void wanting_nothing_puts_everything_back_with_its_permissions_and_times() throws Exception {
    bring(wanted("fresh\n"));

    bring(WantedNode.NONE);

    assertThat(made.everything()).isEqualTo(before);
    assertThat(made.journal().entries()).isEmpty();
  }

  @Test
  void a_daemon_is_started_again_when_its_file_changes_and_not_otherwise() throws Exception {
    bring(wanted("fresh\n"));
    made.restarts.clear();

    bring(wanted("fresher\n"));

    assertThat(made.restarts).containsExactly("engine");
    assertUp("fresher\n");
  }

  @Test
  void what_is_not_wanted_any_more_is_put_back_alone() throws Exception {
    bring(wanted("fresh\n"));

    bring(
        new WantedNode.Builder()
            .setting(new KernelSetting(FORWARDING, "1", Optional.empty(), "packets pass"))
            .build());

    assertThat(made.machine().files().read(OTHERS)).hasValue("others' network\n");
    assertThat(made.machine().kernel().read(FORWARDING)).hasValue("1");
    assertThat(made.running).containsOnlyKeys("old");
  }

  @Test
  void killed_before_any_step_of_the_way_up_it_can_be_taken_back() throws Exception {
    for (int step = 0; dies("up-down-" + step, step, wanted("fresh\n")); step++) {
      bring(WantedNode.NONE);

      assertThat(made.everything()).as("killed before step %d", step).isEqualTo(before);
    }
  }

  @Test
  void killed_before_any_step_of_the_way_up_it_gets_up_the_next_time() throws Exception {
    for (int step = 0; dies("up-up-" + step, step, wanted("fresh\n")); step++) {
      bring(wanted("fresh\n"));

      assertUp("fresh\n");
      bring(WantedNode.NONE);
      assertThat(made.everything()).as("killed before step %d", step).isEqualTo(before);
    }
  }

  @Test
  void killed_before_any_step_of_the_way_down_it_gets_down_the_next_time() throws Exception {
    for (int step = 0; diesOnTheWayDown(step); step++) {
      bring(WantedNode.NONE);

      assertThat(made.everything()).as("killed before step %d", step).isEqualTo(before);
    }
  }

  @Test
  void killed_before_any_step_of_the_way_down_it_gets_up_the_next_time() throws Exception {
    for (int step = 0; diesOnTheWayDown(step); step++) {
      bring(wanted("fresh\n"));

      assertUp("fresh\n");
    }
  }

  private boolean diesOnTheWayDown(int step) throws Exception {
    made = found("down-" + System.nanoTime());
    before = made.everything();
    bring(wanted("fresh\n"));
    return diesWhile(step, WantedNode.NONE);
  }

  /** Finds a new machine and brings it so far; false when it was not killed any more. */
  private boolean dies(String name, int step, WantedNode wanted) throws Exception {
    made = found(name);
    before = made.everything();
    return diesWhile(step, wanted);
  }

  private boolean diesWhile(int step, WantedNode wanted) throws Exception {
    made.dieAfter(step);
    try {
      bring(wanted);
    } catch (Killed killed) {
      made.live();
      return true;
    }
    made.live();
    assertThat(step).as("steps on the way").isGreaterThan(15);
    return false;
  }

  @Test
  void what_others_have_written_since_is_kept_beside_what_is_put_back() throws Exception {
    bring(wanted("fresh\n"));
    Path place = made.machine().files().place(EDITED);
    Files.writeString(place, "theirs\n");

    bring(WantedNode.NONE);

    assertThat(place).hasContent("old\n");
    assertThat(place.resolveSibling("edited.json.intermodal-kept")).hasContent("theirs\n");
  }

  @Test
  void a_folder_that_others_use_meanwhile_stays() throws Exception {
    bring(wanted("fresh\n"));
    Path theirs = made.machine().files().place(NEW).resolveSibling("theirs");
    Files.writeString(theirs, "theirs\n");

    bring(WantedNode.NONE);

    assertThat(theirs).hasContent("theirs\n");
    assertThat(theirs.resolveSibling("new.toml")).doesNotExist();
  }

  @Test
  void a_link_is_followed_and_stays_a_link() throws Exception {
    Path place = made.machine().files().place(EDITED);
    Path target = place.resolveSibling("target");
    Files.move(place, target);
    Files.createSymbolicLink(place, Path.of("target"));

    bring(wanted("fresh\n"));
    assertThat(target).hasContent("new\n");
    bring(WantedNode.NONE);

    assertThat(place).isSymbolicLink().hasContent("old\n");
  }

  @Test
  void a_daemon_that_does_not_get_ready_is_said_with_its_last_words() {
    WantedService deaf =
        new WantedService(
            new Service("deaf", new Daemon("deaf.service", List.of("/usr/bin/deaf"))),
            List.of(),
            () -> Optional.of("it does not answer"),
            Duration.ZERO,
            Leavings.NONE);

    assertThatThrownBy(() -> bring(new WantedNode.Builder().service(deaf).build()))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("deaf does not become ready: it does not answer")
        .hasMessageContaining("its last words")
        .hasMessageContaining("node down");
  }

  @Test
  void a_daemon_that_somebody_else_has_started_is_not_started_again_behind_his_back()
      throws Exception {
    WantedFile file = new WantedFile(EDITED, "new\n", "it must say something else");
    WantedService foreign =
        new WantedService(
            new Service("foreign", new Daemon("foreign.service", List.of("/usr/bin/foreign"))),
            List.of(file),
            Optional::empty,
            Duration.ofSeconds(5),
            Leavings.NONE);

    assertThatThrownBy(() -> changes(new WantedNode.Builder().file(file).service(foreign).build()))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("foreign runs")
        .hasMessageContaining("/etc/edited.json");
    assertThat(made.everything()).isEqualTo(before);
  }

  @Test
  void a_journal_that_cannot_be_read_lets_nothing_be_changed() throws Exception {
    bring(wanted("fresh\n"));
    Files.writeString(folder.resolve("machine/state/journal.json"), "{\"format\": 9}");

    assertThatThrownBy(() -> bring(WantedNode.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("journal.json")
        .hasMessageContaining("format 9");
    assertThat(made.machine().files().read(EDITED)).hasValue("new\n");
  }
}
