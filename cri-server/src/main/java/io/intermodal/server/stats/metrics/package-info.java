/**
 * What pods and containers use, as the metrics that kubelets export: the names, labels and units
 * are those of cAdvisor, so that what was built on {@code /metrics/cadvisor} keeps working. {@link
 * io.intermodal.server.stats.metrics.PodMetrics} is the entry. Each theme is a class with tables, a
 * row for each metric: its name, what it tells, and where in a reading its value is. Descriptors
 * and values come from the same rows, so neither can be without the other. A value that the kernel
 * does not have is left out.
 */
@NullMarked
package io.intermodal.server.stats.metrics;

import org.jspecify.annotations.NullMarked;
