@NullMarked
package io.intermodal.server.top.table;

import org.jspecify.annotations.NullMarked;
