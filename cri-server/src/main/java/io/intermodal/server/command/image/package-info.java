/**
 * The words after {@code intermodal image}: {@link
 * io.intermodal.server.command.image.ImageSubcommands} has them, and each is a class.
 */
@NullMarked
package io.intermodal.server.command.image;

import org.jspecify.annotations.NullMarked;
