package io.intermodal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.runtime.CriException.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SingleFlightTest {
  private final SingleFlight<String, String> flights = new SingleFlight<>();
  private final AtomicInteger runs = new AtomicInteger();

  @Test
  void requestsForOneKeyShareOneRun() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      answers.add(inBackground(() -> flights.run("pod", Call.UNBOUNDED, call -> work(gate))));
    }
    gate.countDown();
    for (CompletableFuture<String> answer : answers) {
      assertThat(answer.get(10, TimeUnit.SECONDS)).startsWith("run ");
    }
    // Callers that came after the end of the first run may have started another one.
    assertThat(answers.stream().map(CompletableFuture::join).distinct().count())
        .isEqualTo(runs.get());
  }

  @Test
  void the_work_is_done_in_the_name_of_the_rpc_that_started_it() {
    assertThat(
            CurrentRpc.<String, RuntimeException>during(
                "RunPodSandbox",
                () -> flights.run("pod", Call.UNBOUNDED, call -> CurrentRpc.name())))
        .isEqualTo("RunPodSandbox");
    assertThat(flights.run("pod", Call.UNBOUNDED, call -> CurrentRpc.name())).isEmpty();
  }

  @Test
  void aCallersDeadlineEndsItsWaitingAndARetryJoinsTheSameRun() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    HangingUp impatient = new HangingUp(Duration.ofMillis(20));
    assertThatThrownBy(() -> flights.run("pod", impatient, call -> work(gate)))
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.DEADLINE_EXCEEDED));
    impatient.hangUp();

    HangingUp patient = new HangingUp(Duration.ofHours(1));
    CompletableFuture<String> retry =
        inBackground(() -> flights.run("pod", patient, call -> work(gate)));
    assertThat(patient.waiting.await(10, TimeUnit.SECONDS)).isTrue();
    gate.countDown();
    assertThat(retry.join()).isEqualTo("run 1");
    assertThat(runs).hasValue(1);
  }

  @Test
  void workThatAsksIsToldWhenTheLastCallerLeftAndALateComerStartsAnew() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    HangingUp caller = new HangingUp(Duration.ofHours(1));
    CompletableFuture<String> first =
        inBackground(() ->
            flights.run(
                "image",
                caller,
                call -> {
                  call.onCancel(told::countDown);
                  asked.countDown();
                  return work(mayEnd);
                }));
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    caller.hangUp();
    assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(first::join).hasRootCauseInstanceOf(CriException.class);

    CompletableFuture<String> second =
        inBackground(() -> flights.run("image", Call.UNBOUNDED, call -> work(mayEnd)));
    mayEnd.countDown();
    assertThat(second.join()).isEqualTo("run 2");
  }

  @Test
  void aFailureReachesEveryCallerWithItsCodeAndIsNotRemembered() {
    assertThatThrownBy(() ->
            flights.run(
                "pod",
                Call.UNBOUNDED,
                call -> {
                  throw CriException.notFound("no such image");
                }))
        .isInstanceOfSatisfying(
            CriException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND))
        .hasMessage("no such image");
    assertThat(flights.run("pod", Call.UNBOUNDED, call -> "fine")).isEqualTo("fine");
  }

  private String work(CountDownLatch gate) {
    int run = runs.incrementAndGet();
    try {
      assertThat(gate.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return "run " + run;
  }

  private static CompletableFuture<String> inBackground(
      java.util.function.Supplier<String> request) {
    return CompletableFuture.supplyAsync(request, task -> Thread.ofVirtual().start(task));
  }

  /** A caller that hangs up when the test says so. */
  private static final class HangingUp implements Call {
    private final Duration patience;
    private final CompletableFuture<Void> hungUp = new CompletableFuture<>();
    // Open once the caller has joined a run.
    final CountDownLatch waiting = new CountDownLatch(1);

    HangingUp(Duration patience) {
      this.patience = patience;
    }

    void hangUp() {
      hungUp.complete(null);
    }

    @Override
    public Optional<Duration> remaining() {
      return Optional.of(patience);
    }

    @Override
    public boolean cancelled() {
      return hungUp.isDone();
    }

    @Override
    public void onCancel(Runnable action) {
      waiting.countDown();
      CompletableFuture<Void> _ = hungUp.thenRun(action);
    }
  }
}
