/**
 * The host as a witness: what the kernel, the file system and the network say about what a
 * container engine did. Nothing here asks the server under test.
 */
@NullMarked
package io.intermodal.tests.host;

import org.jspecify.annotations.NullMarked;
