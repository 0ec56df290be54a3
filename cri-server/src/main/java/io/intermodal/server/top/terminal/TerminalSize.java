package io.intermodal.server.top.terminal;

/** In characters. */
public record TerminalSize(int width, int height) {}
