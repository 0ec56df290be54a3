/**
 * The suites of sessions: exec, attach and port-forward through the URLs that the server hands out,
 * over each protocol that clients speak, with clients that behave and clients that do not. Promises
 * that go further than CRI are asked of our server alone.
 */
@NullMarked
package io.intermodal.tests.suite.streaming;

import org.jspecify.annotations.NullMarked;
