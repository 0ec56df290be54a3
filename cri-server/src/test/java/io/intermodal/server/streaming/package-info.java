@NullMarked
package io.intermodal.server.streaming;

import org.jspecify.annotations.NullMarked;
