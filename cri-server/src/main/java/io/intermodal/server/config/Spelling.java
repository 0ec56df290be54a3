package io.intermodal.server.config;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds what a misspelt word may have meant. */
final class Spelling {
  private Spelling() {}

  /** {@code ; did you mean listen?}, or nothing when no word is near. */
  static String didYouMean(String word, List<String> known) {
    return nearest(word, known).map(name -> "; did you mean " + name + "?").orElse("");
  }

  /** The word with the fewest letters different, if those are not more than half of it. */
  static Optional<String> nearest(String word, List<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(name -> distance(word, name)))
        .filter(name -> distance(word, name) <= Math.max(2, name.length() / 2));
  }

  /** How many letters must be put in, left out or changed (Levenshtein's distance). */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
