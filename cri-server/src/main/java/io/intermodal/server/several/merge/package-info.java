/**
 * One answer from the answers of several engines. They are asked at once, each with a deadline of
 * its own; one that is away is not asked, and never makes the others slow.
 */
@NullMarked
package io.intermodal.server.several.merge;

import org.jspecify.annotations.NullMarked;
