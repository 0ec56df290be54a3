/**
 * What can be set, and what is set.
 *
 * <p>{@link io.intermodal.server.config.Settings} declares each setting once: its name, type,
 * default and description. Flag ({@code --state-dir}), file key ({@code state-dir}), environment
 * variable ({@code INTERMODAL_STATE_DIR}), help text and reference all follow from the declaration.
 * {@link io.intermodal.server.config.Configuration} holds the effective values and where each came
 * from: flag before environment before file before default.
 */
@NullMarked
package io.intermodal.server.config;

import org.jspecify.annotations.NullMarked;
