package io.intermodal.rkt.index;

import org.jspecify.annotations.Nullable;

/**
 * Is told what changes in the index: one change after the other, in their order, before the call
 * that made it returns. It holds up all changes meanwhile, so it must not wait for anything, and it
 * may read the index but not change it.
 */
public interface IndexObserver {
  /** Lets everything pass. */
  IndexObserver NONE =
      new IndexObserver() {
        @Override
        public void sandboxChanged(
            Index index, @Nullable Sandbox before, @Nullable Sandbox after) {}

        @Override
        public void containerChanged(
            Index index, @Nullable Container before, @Nullable Container after) {}
      };

  /**
   * A sandbox was read anew, or forgotten.
   *
   * @param before null when it was not known
   * @param after what the index shows now; null when it is forgotten
   */
  void sandboxChanged(Index index, @Nullable Sandbox before, @Nullable Sandbox after);

  /**
   * A container was read anew, or forgotten.
   *
   * @param before null when it was not known
   * @param after what the index shows now; null when it is forgotten
   */
  void containerChanged(Index index, @Nullable Container before, @Nullable Container after);
}
