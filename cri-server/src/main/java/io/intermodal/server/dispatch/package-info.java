/**
 * Which request goes to which operation of which engine.
 *
 * <p>{@link io.intermodal.server.dispatch.CriServices} is the entry. It builds the two services of
 * CRI, under both of their versions, from {@link io.intermodal.server.dispatch.Rpcs}: a table with
 * one line for each RPC that is served. An RPC without a line is refused with its name. Whatever an
 * operation throws becomes a gRPC status in {@link io.intermodal.server.grpc.ErrorStatus}. Lists in
 * pieces and streams of events are written as fast as their caller reads; those streams are kept in
 * {@link io.intermodal.server.dispatch.OpenStreams} until they end or the server does.
 */
@NullMarked
package io.intermodal.server.dispatch;

import org.jspecify.annotations.NullMarked;
