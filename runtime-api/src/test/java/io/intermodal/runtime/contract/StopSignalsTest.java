package io.intermodal.runtime.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.intermodal.cri.v1.Signal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StopSignalsTest {

  @ParameterizedTest
  @CsvSource({
    "SIGNAL_SIGKILL, SIGKILL",
    "SIGNAL_SIGUSR1, SIGUSR1",
    "SIGNAL_SIGRTMIN, SIGRTMIN",
    "SIGNAL_SIGRTMINPLUS15, SIGRTMIN+15",
    "SIGNAL_SIGRTMAXMINUS1, SIGRTMAX-1",
    "SIGNAL_SIGRTMAX, SIGRTMAX"
  })
  void aSignalHasDockersName(Signal signal, String name) {
    assertThat(StopSignals.name(signal)).contains(name);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"SIGNAL_RUNTIME_DEFAULT", "UNRECOGNIZED"})
  void everySignalIsReadBack(Signal signal) {
    assertThat(StopSignals.of(StopSignals.name(signal).orElseThrow())).isEqualTo(signal);
  }

  @ParameterizedTest
  @CsvSource({
    "'', SIGNAL_SIGTERM",
    "term, SIGNAL_SIGTERM",
    "SIGQUIT, SIGNAL_SIGQUIT",
    "1, SIGNAL_SIGHUP",
    "9, SIGNAL_SIGKILL",
    "15, SIGNAL_SIGTERM",
    "31, SIGNAL_SIGSYS",
    "34, SIGNAL_SIGRTMIN",
    "37, SIGNAL_SIGRTMINPLUS3",
    "49, SIGNAL_SIGRTMINPLUS15",
    "50, SIGNAL_SIGRTMAXMINUS14",
    "63, SIGNAL_SIGRTMAXMINUS1",
    "64, SIGNAL_SIGRTMAX",
    "0, SIGNAL_RUNTIME_DEFAULT",
    "33, SIGNAL_RUNTIME_DEFAULT",
    "65, SIGNAL_RUNTIME_DEFAULT",
    "99999999999, SIGNAL_RUNTIME_DEFAULT",
    "SIG, SIGNAL_RUNTIME_DEFAULT",
    "NOSUCH, SIGNAL_RUNTIME_DEFAULT"
  })
  void whatImagesSayIsUnderstood(String docker, Signal signal) {
    assertThat(StopSignals.of(docker)).isEqualTo(signal);
  }
}
