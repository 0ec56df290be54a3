/** How fast the server is, and what it takes: figures to look at, and no tests. */
@NullMarked
package io.intermodal.tests.benchmark;

import org.jspecify.annotations.NullMarked;
