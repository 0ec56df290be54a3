@NullMarked
package io.intermodal.server.images;

import org.jspecify.annotations.NullMarked;
