package io.intermodal.server.streaming.process;

import io.intermodal.runtime.streaming.Session;
import io.intermodal.runtime.streaming.WantedStreams;

/**
 * A session that waits for its client.
 *
 * @param name what it is: {@code exec} or {@code attach}
 */
public record ProcessOffer(String name, WantedStreams wanted, Session session) {}
