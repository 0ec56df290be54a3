/**
 * TOML that is edited by people and by us. {@link io.intermodal.containerd.toml.TomlFile} changes
 * single keys in the text of a file and leaves everything else as it is: comments, order, blank
 * lines, ends of lines. tomlj reads the values; it tells where a key begins but not where its value
 * ends, so {@link io.intermodal.containerd.toml.StatementReader} finds that. After each edit the
 * new text is read again, and it must say what the old one said except for the one key.
 */
@NullMarked
package io.intermodal.containerd.toml;

import org.jspecify.annotations.NullMarked;
