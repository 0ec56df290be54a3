@NullMarked
package io.intermodal.server.report;

import org.jspecify.annotations.NullMarked;
