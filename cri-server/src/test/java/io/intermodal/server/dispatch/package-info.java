@NullMarked
package io.intermodal.server.dispatch;

import org.jspecify.annotations.NullMarked;
