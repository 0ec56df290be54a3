/** What rkt answers, read from its JSON: pods, apps and images. Times are ns since 1970. */
@NullMarked
package io.intermodal.rkt.answer;

import org.jspecify.annotations.NullMarked;
