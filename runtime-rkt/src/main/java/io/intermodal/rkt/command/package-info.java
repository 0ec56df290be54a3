/**
 * The {@code rkt} program, and the few of the system beside it.
 *
 * <p>{@link io.intermodal.rkt.command.Rkt} is rkt's commands, one method each, with typed answers.
 * {@link io.intermodal.rkt.command.RktCommand} is how any of them is run. No program is waited for
 * without an end: {@link io.intermodal.rkt.command.ProgramRun} kills one that takes too long, with
 * all that it started, and keeps no more of its output than a bound. rkt says what it means on its
 * output only; its errors are mixed with noise and serve as words for people.
 */
@NullMarked
package io.intermodal.rkt.command;

import org.jspecify.annotations.NullMarked;
