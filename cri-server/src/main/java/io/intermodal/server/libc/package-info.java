/**
 * What Java has no word for: functions of the C library, through {@link
 * io.intermodal.server.libc.CLibrary}. Each room that needs some keeps them in a class of its own,
 * behind methods with names of the room.
 */
@NullMarked
package io.intermodal.server.libc;

import org.jspecify.annotations.NullMarked;
