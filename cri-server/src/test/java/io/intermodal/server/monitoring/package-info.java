@NullMarked
package io.intermodal.server.monitoring;

import org.jspecify.annotations.NullMarked;
