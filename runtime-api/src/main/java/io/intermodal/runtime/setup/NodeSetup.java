package io.intermodal.runtime.setup;

import java.util.List;

/**
 * How a node is set up for one engine. Everything here reads files and computes, and takes a second
 * at most; nothing is changed and nothing is started.
 */
public interface NodeSetup {
  /**
   * What must be on the node for the engine to serve pods as wished. Files are edited in the
   * engine's own format: what is in them already, comments too, stays as it is unless it
   * contradicts the wishes. A file that is as it must be is part of the plan all the same.
   *
   * @throws SetupException when the engine is not installed, or a file cannot be read or edited:
   *     the message names the file, the line or the key, and the cure
   */
  EnginePlan plan(NodeWishes wishes, NodeFiles files) throws SetupException;

  /**
   * What is wrong with the engine on this node, as far as files and the kernel tell; empty when
   * nothing is, or the engine is not installed. A file that cannot be read is a finding, no
   * failure.
   */
  List<Finding> examine(NodeWishes wishes, NodeFiles files);
}
