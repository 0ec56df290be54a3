package io.intermodal.tests.engine;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A test of what CRI-O alone does otherwise: it is skipped there with the reason. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface NotOnCrio {
  /** What it does, as a sentence about it without its name: {@code gives ids without sha256:}. */
  String value();
}
