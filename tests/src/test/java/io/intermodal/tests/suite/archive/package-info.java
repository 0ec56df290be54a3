/** Images loaded and saved as archives, by the command, on real engines. */
@NullMarked
package io.intermodal.tests.suite.archive;

import org.jspecify.annotations.NullMarked;
