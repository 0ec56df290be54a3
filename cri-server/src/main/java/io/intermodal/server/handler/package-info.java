/**
 * Runtime handlers as names of engines: {@link io.intermodal.server.handler.HandlerNames} says what
 * one means, whether several engines are served or one.
 */
@NullMarked
package io.intermodal.server.handler;

import org.jspecify.annotations.NullMarked;
