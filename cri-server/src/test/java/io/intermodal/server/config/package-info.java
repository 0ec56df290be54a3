@NullMarked
package io.intermodal.server.config;

import org.jspecify.annotations.NullMarked;
