/**
 * The suites: what a pod, a container, an image, a log and an exec must be like on every engine.
 */
@NullMarked
package io.intermodal.tests.suite;

import org.jspecify.annotations.NullMarked;
