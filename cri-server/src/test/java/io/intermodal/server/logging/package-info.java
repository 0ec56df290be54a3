@NullMarked
package io.intermodal.server.logging;

import org.jspecify.annotations.NullMarked;
