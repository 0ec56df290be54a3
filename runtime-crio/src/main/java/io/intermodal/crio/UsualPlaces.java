package io.intermodal.crio;

import java.nio.file.Path;
import java.util.List;

/**
 * Where CRI-O and what belongs to it are on a node.
 *
 * @param sockets where it listens unless told otherwise, the likeliest first
 * @param programs where it is installed
 * @param configuration its main file
 * @param dropIns the folder whose files are read after it
 */
record UsualPlaces(List<Path> sockets, List<Path> programs, Path configuration, Path dropIns) {
  static UsualPlaces ofNode() {
    return new UsualPlaces(
        List.of(Path.of("/run/crio/crio.sock"), Path.of("/var/run/crio/crio.sock")),
        List.of(
            Path.of("/usr/bin/crio"), Path.of("/usr/local/bin/crio"), Path.of("/usr/sbin/crio")),
        Path.of("/etc/crio/crio.conf"),
        Path.of("/etc/crio/crio.conf.d"));
  }
}
