/**
 * The gRPC server on its Unix socket.
 *
 * <p>{@link io.intermodal.server.grpc.CriServer} is the entry. Where it listens is either a socket
 * file of its own ({@link io.intermodal.server.grpc.SocketFile}: who may connect, when an old one
 * is replaced) or a socket that the service manager opened for it ({@link
 * io.intermodal.server.grpc.InheritedSocket}). Every request passes {@link
 * io.intermodal.server.grpc.RequestLog} on its way to the services it was given. Requests run on
 * virtual threads; the event loops only move bytes.
 */
@NullMarked
package io.intermodal.server.grpc;

import org.jspecify.annotations.NullMarked;
