@NullMarked
package io.intermodal.server.logs;

import org.jspecify.annotations.NullMarked;
