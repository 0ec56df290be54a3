/**
 * What the node itself is and keeps: the folder for the few files of our own ({@link
 * io.intermodal.server.node.FileStateDirectory}), the facts about the host that engines need to
 * know ({@link io.intermodal.server.node.HostFacts}), folders merged from layers ({@link
 * io.intermodal.server.node.OverlayFolders}), and network namespaces ({@link
 * io.intermodal.server.node.BoundNamespaces}).
 */
@NullMarked
package io.intermodal.server.node;

import org.jspecify.annotations.NullMarked;
