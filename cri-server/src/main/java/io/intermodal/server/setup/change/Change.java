package io.intermodal.server.setup.change;

import io.intermodal.server.setup.change.WantedNode.KernelSetting;
import io.intermodal.server.setup.change.WantedNode.WantedService;
import io.intermodal.server.setup.host.FileState;
import io.intermodal.server.setup.host.PacketRule;
import io.intermodal.server.setup.journal.Entry;
import java.nio.file.Path;
import java.util.Optional;

/** Something that differs between the node and how it must be. */
public sealed interface Change {
  /** Why it is made, for people. */
  String reason();

  /**
   * A file is written or removed.
   *
   * @param path where it is
   * @param present what is there; empty when nothing is
   * @param wanted what must be there; empty when nothing must
   */
  record OfFile(Path path, Optional<FileState> present, Optional<String> wanted, String reason)
      implements Change {}

  /**
   * A setting of the kernel gets another value.
   *
   * @param present its value; empty when its module must be loaded first, which then stays
   * @param wanted what it must be
   */
  record OfKernelSetting(KernelSetting wanted, Optional<String> present) implements Change {
    @Override
    public String reason() {
      return wanted.reason();
    }
  }

  /**
   * A rule is put into the packet filter.
   *
   * @param rule which
   */
  record OfRule(PacketRule rule, String reason) implements Change {}

  /**
   * A daemon is started, or ended and started.
   *
   * @param service which
   * @param runs whether it runs now
   * @param digest of the configuration that it is started with
   */
  record OfService(WantedService service, boolean runs, String digest, String reason)
      implements Change {}

  /**
   * Something is made what it was before this node was set up.
   *
   * @param entry what it is and how it was
   */
  record Restored(Entry entry, String reason) implements Change {}
}
