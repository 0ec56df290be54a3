@NullMarked
package io.intermodal.server.top;

import org.jspecify.annotations.NullMarked;
