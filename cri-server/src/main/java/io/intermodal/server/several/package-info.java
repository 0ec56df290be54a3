/**
 * Several engines behind one socket: {@link io.intermodal.server.several.SeveralEngines} is the
 * table that says for each RPC which engine answers, or that all do.
 *
 * <p>A request is read as far as it takes to know where it goes ({@link
 * io.intermodal.server.several.RoutedCall}), by one field of it; then it passes as bytes. Whose an
 * id is has been learnt from answers and lists ({@link io.intermodal.server.several.Owners}); an
 * engine that is away keeps its ids and what was on it.
 */
@NullMarked
package io.intermodal.server.several;

import org.jspecify.annotations.NullMarked;
