@NullMarked
package io.intermodal.server.setup.host;

import org.jspecify.annotations.NullMarked;
