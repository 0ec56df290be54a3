/**
 * Container output as CRI log files.
 *
 * <p>{@link io.intermodal.server.logs.CriLogs} is the entry and gives each container a {@code
 * ContainerLog}: one virtual thread that reads the engine's output, frames it in a {@code
 * RecordBuffer} and hands full batches to a {@code LogFile}. The log file knows where the next line
 * goes, and after an interruption what to ask the engine for and what of the answer is in the files
 * already; its Javadoc says why that is neither too much nor too little.
 */
@NullMarked
package io.intermodal.server.logs;

import org.jspecify.annotations.NullMarked;
