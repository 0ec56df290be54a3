@NullMarked
package io.intermodal.server.images.archive;

import org.jspecify.annotations.NullMarked;
