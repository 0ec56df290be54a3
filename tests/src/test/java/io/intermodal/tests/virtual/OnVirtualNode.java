package io.intermodal.tests.virtual;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A class of tests on a virtual node: all of them on one, which is booted for the first and shut
 * down after the last. Its constructor may ask for the {@link ServedNode} and for a {@link
 * io.intermodal.tests.cri.Cri}, which cleans up after each test. They run in the tier {@code node}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("node")
@Execution(ExecutionMode.SAME_THREAD)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@ExtendWith(TheVirtualNode.class)
public @interface OnVirtualNode {}
