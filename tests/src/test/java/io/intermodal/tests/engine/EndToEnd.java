package io.intermodal.tests.engine;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A class of tests that runs once for each engine of the host of these kinds. Its constructor may
 * ask for a {@link io.intermodal.tests.cri.Cri}, which cleans up after each test, and for the
 * {@link Node} or the {@link Engine} that the test runs on.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ClassTemplate
@ExtendWith(EachEngine.class)
public @interface EndToEnd {
  /** The kinds that it is about. A socket given from outside is of every kind but several. */
  EngineKind[] value() default {
    EngineKind.TRANSLATED, EngineKind.FORWARDED, EngineKind.TRANSLATED_RKT
  };
}
