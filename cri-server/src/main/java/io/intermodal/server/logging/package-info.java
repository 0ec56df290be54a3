/**
 * Our own log on standard error: one line an event, as key=value pairs or JSON.
 *
 * <p>Code logs through slf4j; {@link io.intermodal.server.logging.Logging} sets the JDK's logging
 * up underneath, without a file of properties. What stands in slf4j's MDC while a line is written
 * becomes fields of that line.
 */
@NullMarked
package io.intermodal.server.logging;

import org.jspecify.annotations.NullMarked;
