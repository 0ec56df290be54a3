/**
 * A CRI client as tests want it. {@link io.intermodal.tests.cri.Cri} is one test's session: what it
 * made, and only that, is removed at the test's end. Pods and containers are the contract's own
 * builders with defaults that work; a test changes what it is about.
 */
@NullMarked
package io.intermodal.tests.cri;

import org.jspecify.annotations.NullMarked;
