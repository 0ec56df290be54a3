/** The rules that hold between the modules, and for names. */
@NullMarked
package io.intermodal.tests.rules;

import org.jspecify.annotations.NullMarked;
