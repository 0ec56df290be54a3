/**
 * One of several engines. {@link io.intermodal.server.several.member.Member} knows whether it
 * answers, and {@link io.intermodal.server.several.member.KnownContent} what was last on it.
 */
@NullMarked
package io.intermodal.server.several.member;

import org.jspecify.annotations.NullMarked;
