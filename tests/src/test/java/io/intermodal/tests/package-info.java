/**
 * The project's tests as a whole: the rules of the modules, and end-to-end suites that drive a CRI
 * socket over real engines. {@code rules} runs with {@code mvn test}; the suites, named {@code
 * *IT}, run with {@code mvn verify}.
 */
@NullMarked
package io.intermodal.tests;

import org.jspecify.annotations.NullMarked;
