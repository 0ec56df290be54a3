/**
 * {@code intermodal doctor}: what is wrong with this machine and its engines, each with its mend.
 * {@link io.intermodal.server.setup.doctor.Doctor} asks the engines, {@link
 * io.intermodal.server.setup.doctor.HostExamination} looks at the machine and {@link
 * io.intermodal.server.setup.doctor.NetworkExamination} at its network.
 */
@NullMarked
package io.intermodal.server.setup.doctor;

import org.jspecify.annotations.NullMarked;
