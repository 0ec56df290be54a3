@NullMarked
package io.intermodal.server.setup.change;

import org.jspecify.annotations.NullMarked;
