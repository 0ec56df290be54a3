/** What the runtime tells of pods and containers without being asked again and again. */
@NullMarked
package io.intermodal.tests.suite.events;

import org.jspecify.annotations.NullMarked;
