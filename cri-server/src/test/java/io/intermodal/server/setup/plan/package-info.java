@NullMarked
package io.intermodal.server.setup.plan;

import org.jspecify.annotations.NullMarked;
