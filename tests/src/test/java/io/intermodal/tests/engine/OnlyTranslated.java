package io.intermodal.tests.engine;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A test of what an engine does otherwise whose CRI passes through us unchanged. It fails on that
 * engine's own socket as well, and is skipped there and through us with the reason.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface OnlyTranslated {
  /** What such an engine does, as a sentence about it without its name: {@code has no events}. */
  String value();
}
