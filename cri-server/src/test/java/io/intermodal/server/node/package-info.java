@NullMarked
package io.intermodal.server.node;

import org.jspecify.annotations.NullMarked;
