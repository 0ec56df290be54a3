package io.intermodal.server.setup.journal;

import io.intermodal.runtime.setup.Leavings;
import io.intermodal.server.setup.host.FileState;
import io.intermodal.server.setup.host.HostNetwork;
import io.intermodal.server.setup.host.PacketRule;
import io.intermodal.server.setup.service.Service;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A thing on the node that was changed, or is about to be, and how it was before the first change.
 */
public sealed interface Entry {
  /** What it is about; there is one entry for it. */
  String subject();

  /**
   * A file.
   *
   * @param path where it is
   * @param before how it was; empty when there was none
   * @param madeFolders those above it that were not there, the uppermost first
   * @param written a digest of what was put there last, to tell whether others have written it
   *     since; empty when it was removed
   */
  record ChangedFile(
      Path path, Optional<FileState> before, List<Path> madeFolders, Optional<String> written)
      implements Entry {
    public ChangedFile {
      madeFolders = List.copyOf(madeFolders);
    }

    @Override
    public String subject() {
      return subject(path);
    }

    /** Whether a file that is so now is what we have made it: nobody else has written it since. */
    public boolean isAsWritten(Optional<FileState> present) {
      return present.map(FileState::digest).equals(written);
    }

    /** The subject of that file's entry. */
    public static String subject(Path path) {
      return "file " + path;
    }
  }

  /**
   * A setting of the kernel.
   *
   * @param name as sysctl(8) names it
   * @param before its value
   */
  record ChangedKernelSetting(String name, String before) implements Entry {
    @Override
    public String subject() {
      return subject(name);
    }

    /** The subject of that setting's entry. */
    public static String subject(String name) {
      return "kernel " + name;
    }
  }

  /**
   * A rule of the packet filter that was not there before.
   *
   * @param rule which
   */
  record AddedRule(PacketRule rule) implements Entry {
    @Override
    public String subject() {
      return subject(rule);
    }

    /** The subject of that rule's entry. */
    public static String subject(PacketRule rule) {
      return "rule " + rule.spelled();
    }
  }

  /**
   * A daemon.
   *
   * @param service which
   * @param ranBefore whether it ran
   * @param enabledBefore whether it was started with the machine
   * @param startedWith a digest of the configuration that it was started with last, empty when it
   *     is not known to run with what its files say
   * @param leavings what it leaves behind
   * @param network what was on the node before it
   */
  record ChangedService(
      Service service,
      boolean ranBefore,
      boolean enabledBefore,
      Optional<String> startedWith,
      Leavings leavings,
      HostNetwork.Snapshot network)
      implements Entry {
    @Override
    public String subject() {
      return subject(service.name());
    }

    /** The subject of that service's entry. */
    public static String subject(String name) {
      return "service " + name;
    }

    /** The same, started with that. */
    public ChangedService startedWith(Optional<String> digest) {
      return new ChangedService(service, ranBefore, enabledBefore, digest, leavings, network);
    }
  }

  /**
   * What callers had made before the node was set up, which is not taken away with it.
   *
   * @param pods ids of pods
   * @param images ids of images
   */
  record FoundOnNode(List<String> pods, List<String> images) implements Entry {
    /** The one subject of such entries. */
    public static final String SUBJECT = "pods and images";

    public FoundOnNode {
      pods = List.copyOf(pods);
      images = List.copyOf(images);
    }

    @Override
    public String subject() {
      return SUBJECT;
    }
  }
}
