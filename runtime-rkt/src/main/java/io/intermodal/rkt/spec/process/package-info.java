/** What an app runs and as whom: its words, environment, user and stop signal. */
@NullMarked
package io.intermodal.rkt.spec.process;

import org.jspecify.annotations.NullMarked;
