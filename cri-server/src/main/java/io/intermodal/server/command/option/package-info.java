/** What the command lines of several subcommands have in common: options, and what is printed. */
@NullMarked
package io.intermodal.server.command.option;

import org.jspecify.annotations.NullMarked;
