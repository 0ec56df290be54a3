/** What a run says at its end: how many tests passed, failed and were skipped, and why. */
@NullMarked
package io.intermodal.tests.report;

import org.jspecify.annotations.NullMarked;
