/**
 * The command line.
 *
 * <p>{@link io.intermodal.server.command.CommandLineProgram} is the entry: it holds the list of
 * {@link io.intermodal.server.command.Subcommand}s, gives each its flags from the settings, and
 * turns what they throw into one line and an exit code. A further subcommand is a class and an
 * entry in that list.
 */
@NullMarked
package io.intermodal.server.command;

import org.jspecify.annotations.NullMarked;
