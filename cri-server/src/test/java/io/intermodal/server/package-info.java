/** An engine that does what a test wants, a client, and the server as a process of its own. */
@NullMarked
package io.intermodal.server;

import org.jspecify.annotations.NullMarked;
