package io.intermodal.runtime.streaming;

/** The size of a terminal in characters. */
public record TerminalSize(int width, int height) {}
