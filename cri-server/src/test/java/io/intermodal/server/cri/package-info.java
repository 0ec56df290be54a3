@NullMarked
package io.intermodal.server.cri;

import org.jspecify.annotations.NullMarked;
