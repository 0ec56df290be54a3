@NullMarked
package io.intermodal.server.several;

import org.jspecify.annotations.NullMarked;
