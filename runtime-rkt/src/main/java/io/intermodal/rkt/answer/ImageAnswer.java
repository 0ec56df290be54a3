package io.intermodal.rkt.answer;

import com.google.gson.JsonObject;

/**
 * An image as {@code rkt image list} shows it.
 *
 * @param id {@code sha512-…}
 * @param name with its version after a colon
 * @param size bytes on the disk, with the tree that pods use
 */
public record ImageAnswer(String id, String name, long size) {
  private static final String STAGE1 = "coreos.com/rkt/stage1-";

  public static ImageAnswer read(JsonObject image) {
    return new ImageAnswer(
        Json.string(image, "id"), Json.string(image, "name"), Json.number(image, "size"));
  }

  /** Whether it runs pods, rather than in them. */
  public boolean isStage1() {
    return name.startsWith(STAGE1);
  }
}
