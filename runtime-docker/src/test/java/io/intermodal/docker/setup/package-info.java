@NullMarked
package io.intermodal.docker.setup;

import org.jspecify.annotations.NullMarked;
