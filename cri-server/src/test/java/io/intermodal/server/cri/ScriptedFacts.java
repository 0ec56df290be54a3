package io.intermodal.server.cri;

import io.intermodal.cri.v1.CgroupDriver;
import io.intermodal.runtime.CriException;
import io.intermodal.runtime.EngineConnection;
import java.util.Optional;

/**
 * What is known of a {@link CriOnSocket}: its cgroup driver is cgroupfs, and NOT_FOUND means gone.
 */
public record ScriptedFacts(
    String endpoint, Optional<CgroupDriver> cgroupDriver, boolean eventsGoToOneReader)
    implements EngineConnection.Forwarding {
  public static final String WHY_WITHOUT_CRI = "line 3 of its configuration switches CRI off";

  public static ScriptedFacts of(CriOnSocket engine) {
    return new ScriptedFacts(engine.endpoint(), Optional.of(CgroupDriver.CGROUPFS), false);
  }

  public ScriptedFacts withoutCgroupDriver() {
    return new ScriptedFacts(endpoint, Optional.empty(), eventsGoToOneReader);
  }

  public ScriptedFacts withEventsForOneReader() {
    return new ScriptedFacts(endpoint, cgroupDriver, true);
  }

  @Override
  public boolean meansGone(CriException.Code code, String said) {
    return code == CriException.Code.NOT_FOUND && said.contains("does not exist");
  }

  @Override
  public boolean bareImageIds() {
    return false;
  }

  @Override
  public String whyWithoutCri() {
    return WHY_WITHOUT_CRI;
  }

  @Override
  public void close() {}
}
