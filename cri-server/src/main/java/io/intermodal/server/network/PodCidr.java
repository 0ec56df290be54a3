package io.intermodal.server.network;

import io.intermodal.runtime.CriException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Reads the pod address range that a kubelet tells: one, or one for each family with a comma. */
final class PodCidr {
  private PodCidr() {}

  /**
   * @throws CriException INVALID_ARGUMENT when it is no range
   */
  static List<String> parse(String text) {
    List<String> ranges = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String range = part.strip();
      if (range.isEmpty()) {
        continue;
      }
      int slash = range.indexOf('/');
      try {
        int bits =
            InetAddress.ofLiteral(range.substring(0, Math.max(slash, 0))).getAddress().length * 8;
        int prefix = Integer.parseInt(range.substring(slash + 1));
        if (prefix < 0 || prefix > bits) {
          throw new IllegalArgumentException("prefix length " + prefix);
        }
      } catch (IllegalArgumentException e) {
        throw new CriException(
            CriException.Code.INVALID_ARGUMENT,
            "pod CIDR \"" + text + "\" is not a range of addresses such as 10.1.0.0/24",
            e);
      }
      ranges.add(range);
    }
    return List.copyOf(ranges);
  }
}
