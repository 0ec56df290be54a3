@NullMarked
package io.intermodal.server.top.terminal;

import org.jspecify.annotations.NullMarked;
