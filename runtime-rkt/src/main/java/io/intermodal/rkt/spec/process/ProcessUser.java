package io.intermodal.rkt.spec.process;

import io.intermodal.cri.v1.ContainerUser;
import io.intermodal.cri.v1.LinuxContainerSecurityContext;
import io.intermodal.cri.v1.LinuxContainerUser;
import io.intermodal.cri.v1.SupplementalGroupsPolicy;
import io.intermodal.rkt.image.KnownImage;
import io.intermodal.runtime.CriException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The user that a process runs as, in numbers: names are looked up in the image's own files before
 * rkt is asked, which leaves half an app behind when it finds none.
 *
 * @param uid the user
 * @param gid its group
 * @param groups further groups, sorted
 */
public record ProcessUser(long uid, long gid, List<Long> groups) {
  private static final long NO_ID = 0xFFFF;
  private static final long MAX_ID = 0xFFFF_FFFFL - 1;

  public ProcessUser {
    groups = List.copyOf(groups);
  }

  private record Entry(String name, long uid, long gid) {}

  /**
   * Resolves CRI's wish.
   *
   * @throws CriException INVALID_ARGUMENT for a group without a user, for two users, for numbers
   *     that are none and for names that the image does not know
   */
  public static ProcessUser of(LinuxContainerSecurityContext wish, KnownImage image) {
    boolean byId = wish.hasRunAsUser();
    boolean byName = !wish.getRunAsUsername().isEmpty();
    if (byId && byName) {
      throw CriException.invalid(
          "run_as_user %d and run_as_username \"%s\" exclude each other"
              .formatted(wish.getRunAsUser().getValue(), wish.getRunAsUsername()));
    }
    if (wish.hasRunAsGroup() && !byId && !byName) {
      throw CriException.invalid(
          "run_as_group %d needs run_as_user or run_as_username"
              .formatted(wish.getRunAsGroup().getValue()));
    }
    String[] asked =
        (byId
                ? Long.toString(number("run_as_user", wish.getRunAsUser().getValue()))
                : byName ? wish.getRunAsUsername() : image.user())
            .split(":", 2);
    Entry entry = entry(asked[0], image);
    long gid = entry.gid();
    if (wish.hasRunAsGroup()) {
      gid = number("run_as_group", wish.getRunAsGroup().getValue());
    } else if (asked.length == 2) {
      gid = group(asked[1], image);
    }
    TreeSet<Long> groups = new TreeSet<>();
    wish.getSupplementalGroupsList().forEach(g -> groups.add(number("supplemental_groups", g)));
    if (wish.getSupplementalGroupsPolicy() == SupplementalGroupsPolicy.Merge) {
      groups.addAll(groupsOf(entry.name(), image));
    }
    refuseNobody("user", entry.uid());
    refuseNobody("group", gid);
    return new ProcessUser(entry.uid(), gid, new ArrayList<>(groups));
  }

  /** systemd takes this number, which is -1 in 16 bits, for none. */
  private static void refuseNobody(String field, long id) {
    if (id == NO_ID) {
      throw CriException.unimplemented(
          "%s %d: the systemd in a pod of rkt takes this number for none; name another"
              .formatted(field, id));
    }
  }

  private static Entry entry(String asked, KnownImage image) {
    if (asked.isEmpty()) {
      return entry("0", image);
    }
    Optional<Entry> found =
        image
            .passwd()
            .lines()
            .map(line -> line.split(":", -1))
            .filter(fields -> fields.length > 3 && isNumber(fields[2]) && isNumber(fields[3]))
            .filter(fields -> fields[isNumber(asked) ? 2 : 0].equals(asked))
            .map(fields ->
                new Entry(fields[0], Long.parseLong(fields[2]), Long.parseLong(fields[3])))
            .findFirst();
    if (found.isPresent()) {
      return found.get();
    }
    if (isNumber(asked)) {
      return new Entry("", number("user", Long.parseLong(asked)), 0);
    }
    throw CriException.invalid(
        "user \"%s\" is not in the image's /etc/passwd: name one that is, or a number"
            .formatted(asked));
  }

  private static long group(String asked, KnownImage image) {
    if (isNumber(asked)) {
      return number("group", Long.parseLong(asked));
    }
    return image
        .group()
        .lines()
        .map(line -> line.split(":", -1))
        .filter(fields -> fields.length > 2 && fields[0].equals(asked) && isNumber(fields[2]))
        .map(fields -> Long.parseLong(fields[2]))
        .findFirst()
        .orElseThrow(() ->
            CriException.invalid(
                "group \"%s\" is not in the image's /etc/group: name one that is, or a number"
                    .formatted(asked)));
  }

  private static List<Long> groupsOf(String user, KnownImage image) {
    if (user.isEmpty()) {
      return List.of();
    }
    return image
        .group()
        .lines()
        .map(line -> line.split(":", -1))
        .filter(fields -> fields.length > 3 && isNumber(fields[2]))
        .filter(fields -> List.of(fields[3].split(",", -1)).contains(user))
        .map(fields -> Long.parseLong(fields[2]))
        .toList();
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() < 11
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static long number(String field, long value) {
    if (value < 0 || value > MAX_ID) {
      throw CriException.invalid("%s: %d (expected: 0 to %d)".formatted(field, value, MAX_ID));
    }
    return value;
  }

  /** As rkt's flags. */
  public List<String> flags() {
    List<String> flags = new ArrayList<>(List.of("--user=" + uid, "--group=" + gid));
    if (!groups.isEmpty()) {
      flags.add(
          "--supplementary-gids="
              + groups.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }
    return flags;
  }

  /** As CRI's status shows it. */
  public ContainerUser status() {
    return ContainerUser.newBuilder()
        .setLinux(
            LinuxContainerUser.newBuilder()
                .setUid(uid)
                .setGid(gid)
                .addSupplementalGroups(gid)
                .addAllSupplementalGroups(groups.stream().filter(g -> g != gid).toList()))
        .build();
  }
}
