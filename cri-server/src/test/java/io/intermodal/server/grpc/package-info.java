@NullMarked
package io.intermodal.server.grpc;

import org.jspecify.annotations.NullMarked;
