package io.intermodal.server.stats.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The names of block devices, as the kernel's {@code /sys/dev/block} knows them. */
public final class BlockDevices {
  private final Path sys;

  /**
   * @param sys where sysfs is mounted
   */
  public BlockDevices(Path sys) {
    this.sys = sys;
  }

  /**
   * The device's name, {@code /dev/sda}; {@code 8:0} for a device without one, as those of tmpfs,
   * btrfs and ZFS are.
   */
  public String name(int major, int minor) {
    String number = major + ":" + minor;
    try {
      // "../../devices/pci0000:00/…/block/sda/sda1"
      Path device = Files.readSymbolicLink(sys.resolve("dev/block").resolve(number));
      // A name with a folder, as "mapper/x" or "cciss/c0d0", has a mark in place of its slash.
      return "/dev/" + device.getFileName().toString().replace('!', '/');
    } catch (IOException none) {
      return number;
    }
  }

  /**
   * The name of the device that a folder is on, as {@link #name(int, int)}.
   *
   * @throws IOException when the folder cannot be reached
   */
  public String below(Path folder) throws IOException {
    long device = ((Number) Files.getAttribute(folder, "unix:dev")).longValue();
    // As the C library packs the two numbers into one (makedev).
    int major = (int) ((device >>> 8 & 0xfff) | (device >>> 32 & ~0xfff));
    int minor = (int) ((device & 0xff) | (device >>> 12 & ~0xff));
    return name(major, minor);
  }
}
