/**
 * What the server survives, and how little it asks of its engine. These tests treat the server and
 * Docker badly, so each works on a node of its own.
 */
@NullMarked
package io.intermodal.tests.life;

import org.jspecify.annotations.NullMarked;
