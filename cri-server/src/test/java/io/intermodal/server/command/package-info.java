@NullMarked
package io.intermodal.server.command;

import org.jspecify.annotations.NullMarked;
