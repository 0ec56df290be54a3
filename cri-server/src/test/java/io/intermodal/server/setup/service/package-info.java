@NullMarked
package io.intermodal.server.setup.service;

import org.jspecify.annotations.NullMarked;
