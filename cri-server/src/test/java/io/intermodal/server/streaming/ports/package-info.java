@NullMarked
package io.intermodal.server.streaming.ports;

import org.jspecify.annotations.NullMarked;
