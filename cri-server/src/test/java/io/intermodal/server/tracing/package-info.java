@NullMarked
package io.intermodal.server.tracing;

import org.jspecify.annotations.NullMarked;
