/**
 * The engines that the suites run on. Each is started in a private folder with a private socket and
 * network, with the server in front of it, and ended with everything that it left, by process id.
 * {@code -Dcri.endpoint=unix:///…} puts any other CRI socket in their place. A class marked with
 * {@link io.intermodal.tests.engine.EndToEnd} runs once for each engine.
 */
@NullMarked
package io.intermodal.tests.engine;

import org.jspecify.annotations.NullMarked;
