package io.intermodal.server.top.table;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Numbers as they are read elsewhere: thousandths of a core, and bytes in powers of 1024. */
final class Units {
  static final String UNKNOWN = "-";

  private static final String[] BYTES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  private static final int STEP = 1024;

  /** Below this many thousandths of a core, tenths of them are told. */
  private static final double SMALL = 9.95;

  private Units() {}

  static String cores(OptionalDouble cores) {
    if (cores.isEmpty()) {
      return UNKNOWN;
    }
    double thousandths = cores.getAsDouble() * 1000;
    return thousandths > 0 && thousandths < SMALL
        ? String.format(Locale.ROOT, "%.1fm", thousandths)
        : String.format(Locale.ROOT, "%.0fm", thousandths);
  }

  static String bytes(OptionalLong bytes) {
    return bytes.isEmpty() ? UNKNOWN : bytes((double) bytes.getAsLong());
  }

  static String bytes(OptionalDouble bytes) {
    return bytes.isEmpty() ? UNKNOWN : bytes(bytes.getAsDouble());
  }

  static String count(OptionalLong count) {
    return count.isEmpty() ? UNKNOWN : Long.toString(count.getAsLong());
  }

  private static String bytes(double bytes) {
    int unit = 0;
    double value = bytes;
    // What would be rounded to 1024 of a unit is 1 of the next.
    while (value >= STEP - (unit == 0 ? 0.5 : 0.05) && unit < BYTES.length - 1) {
      value /= STEP;
      unit++;
    }
    return unit == 0
        ? String.format(Locale.ROOT, "%.0f%s", value, BYTES[unit])
        : String.format(Locale.ROOT, "%.1f%s", value, BYTES[unit]);
  }
}
