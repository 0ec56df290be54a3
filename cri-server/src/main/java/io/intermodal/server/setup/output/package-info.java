/**
 * What the node's verbs print: a plan for people, with files as diffs ({@link
 * io.intermodal.server.setup.output.PlanText}), and for programs ({@link
 * io.intermodal.server.setup.output.PlanJson}).
 */
@NullMarked
package io.intermodal.server.setup.output;

import org.jspecify.annotations.NullMarked;
