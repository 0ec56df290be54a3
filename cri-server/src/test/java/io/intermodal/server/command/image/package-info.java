@NullMarked
package io.intermodal.server.command.image;

import org.jspecify.annotations.NullMarked;
