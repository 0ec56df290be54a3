package io.intermodal.tests.engine;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A test of what rkt cannot do: it is skipped there with the reason. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface NotOnRkt {
  /** What it does, as a sentence about it without its name: {@code has one PID namespace a pod}. */
  String value();
}
