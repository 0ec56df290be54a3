@NullMarked
package io.intermodal.server.wire;

import org.jspecify.annotations.NullMarked;
