@NullMarked
package io.intermodal.server.forward.repair;

import org.jspecify.annotations.NullMarked;
