@NullMarked
package io.intermodal.server.status;

import org.jspecify.annotations.NullMarked;
