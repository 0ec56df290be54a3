@NullMarked
package io.intermodal.server.images.progress;

import org.jspecify.annotations.NullMarked;
