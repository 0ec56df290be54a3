/**
 * What few hosts of tests can show: systemd's slices and cgroup v2, and AppArmor. These suites run
 * on a virtual node, in the tier {@code node}: {@code mvnw verify -Dtier=node}.
 */
@NullMarked
package io.intermodal.tests.suite.node;

import org.jspecify.annotations.NullMarked;
