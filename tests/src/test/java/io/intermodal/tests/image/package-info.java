/**
 * The images of the suites. They are made here, from Debian's busybox and dash and one small C
 * program, and served by Debian's {@code docker-registry} on a free loopback port, so that no
 * registry of the world has to be in reach.
 */
@NullMarked
package io.intermodal.tests.image;

import org.jspecify.annotations.NullMarked;
