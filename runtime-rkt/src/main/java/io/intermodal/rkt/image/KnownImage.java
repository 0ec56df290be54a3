package io.intermodal.rkt.image;

import io.intermodal.cri.v1.Image;
import java.util.List;

/**
 * An image in rkt's store.
 *
 * @param image as CRI shows it
 * @param rktId rkt's id of it, {@code sha512-…}
 * @param entrypoint of its configuration
 * @param command of its configuration
 * @param user of its configuration: {@code 1000}, {@code web:staff}; "" for root
 * @param workingDirectory of its configuration, "" for the root
 * @param stopSignal of its configuration, "" if it names none
 * @param passwd its {@code /etc/passwd}, "" if it has none or that is not known
 * @param group its {@code /etc/group}, likewise
 */
public record KnownImage(
    Image image,
    String rktId,
    List<String> entrypoint,
    List<String> command,
    String user,
    String workingDirectory,
    String stopSignal,
    String passwd,
    String group) {
  public KnownImage {
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
  }

  public String id() {
    return image.getId();
  }

  /** The same image under other names. */
  public KnownImage with(Image named) {
    return new KnownImage(
        named, rktId, entrypoint, command, user, workingDirectory, stopSignal, passwd, group);
  }
}
