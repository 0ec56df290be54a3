@NullMarked
package io.intermodal.server.top.usage;

import org.jspecify.annotations.NullMarked;
