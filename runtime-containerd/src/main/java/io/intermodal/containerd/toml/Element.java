package io.intermodal.containerd.toml;

/**
 * An element of an array and where it is in the text.
 *
 * @param comma where the comma behind it is; -1 when there is none
 */
record Element(int start, int end, int comma) {}
