package io.intermodal.rkt.node;

import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.cri.v1.LinuxRuntimeConfiguration;
import io.intermodal.cri.v1.RuntimeConfigResponse;

/** RuntimeConfig: pods are put below a cgroup by its path, so the driver is cgroupfs. */
public final class RuntimeConfig {
  public RuntimeConfigResponse config() {
    return RuntimeConfigResponse.newBuilder()
        .setLinux(LinuxRuntimeConfiguration.newBuilder().setCgroupDriver(CgroupDriver.CGROUPFS))
        .build();
  }
}
