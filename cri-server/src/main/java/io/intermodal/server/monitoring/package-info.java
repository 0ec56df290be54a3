/**
 * What a node's operator can see of this server over HTTP: metrics for Prometheus, whether it lives
 * and whether it is ready. Nothing of this package is loaded while no address is set.
 *
 * <p>{@link io.intermodal.server.monitoring.Metric} is the catalogue: the one place that knows the
 * names. {@link io.intermodal.server.monitoring.Measurements} fills it: the rooms of the server are
 * timed through small interfaces of their own (requests, CNI plugins), and what they count anyway
 * is read when somebody asks. {@link io.intermodal.server.monitoring.MonitoringServer} answers, on
 * the event loops that are there already and with one virtual thread for each question.
 */
@NullMarked
package io.intermodal.server.monitoring;

import org.jspecify.annotations.NullMarked;
