@NullMarked
package io.intermodal.server.forward;

import org.jspecify.annotations.NullMarked;
