@NullMarked
package io.intermodal.server.serve;

import org.jspecify.annotations.NullMarked;
