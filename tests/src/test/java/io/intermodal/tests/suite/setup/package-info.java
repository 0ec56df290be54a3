/** What a node is set up with, judged by the engines themselves. */
@NullMarked
package io.intermodal.tests.suite.setup;

import org.jspecify.annotations.NullMarked;
