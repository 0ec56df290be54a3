/**
 * Usage as text for any width and height.
 *
 * <p>{@link io.intermodal.server.top.table.View} and {@link io.intermodal.server.top.table.SortKey}
 * say which lines there are in which order; {@link io.intermodal.server.top.table.Table} lays them
 * out, and {@link io.intermodal.server.top.table.Page} puts a table into a screen of a given size.
 * Nothing here knows of terminals: the words are plain text.
 */
@NullMarked
package io.intermodal.server.top.table;

import org.jspecify.annotations.NullMarked;
