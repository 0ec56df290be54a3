@NullMarked
package io.intermodal.server.streaming.process;

import org.jspecify.annotations.NullMarked;
