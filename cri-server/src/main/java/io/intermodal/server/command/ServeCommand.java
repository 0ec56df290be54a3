package io.intermodal.server.command;

import io.intermodal.server.config.Configuration;
import io.intermodal.server.config.Setting;
import io.intermodal.server.config.Settings;
import io.intermodal.server.logging.Logging;
import io.intermodal.server.serve.RunningServer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code intermodal serve}: serves CRI until it is told to stop (SIGTERM, SIGINT). */
final class ServeCommand implements Subcommand {
  private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);

  /** Longer than calls in flight are given, shorter than service managers wait before they kill. */
  private static final long STOP_SECONDS = 20;

  @Override
  public String name() {
    return "serve";
  }

  @Override
  public String description() {
    return "Serves CRI on a Unix socket in front of a container engine.";
  }

  @Override
  public List<Setting<?>> settings() {
    return Settings.ALL;
  }

  @Override
  public int run(Invocation invocation) throws IOException, InterruptedException {
    Configuration configuration = invocation.configuration();
    Logging.start(
        configuration.get(Settings.LOG_LEVEL),
        configuration.get(Settings.LOG_FORMAT),
        invocation.err());
    configuration.warnings().forEach(log::warn);
    CountDownLatch toldToStop = new CountDownLatch(1);
    CompletableFuture<Integer> ended = new CompletableFuture<>();
    // Before the start, so that a stop in the middle of it is as clean as any.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(toldToStop, ended)));
    try (RunningServer _ = RunningServer.start(configuration, invocation.environment())) {
      toldToStop.await();
      log.info("stopping; pods keep running");
    } catch (IOException | InterruptedException | RuntimeException e) {
      ended.complete(FAILED);
      throw e;
    }
    log.info("stopped");
    ended.complete(OK);
    return OK;
  }

  /**
   * Runs while the process shuts down, which waits for it. A stop that was asked for and ended well
   * is a success: the JDK's own exit code would be 128 and the signal's number.
   */
  private static void stop(CountDownLatch toldToStop, CompletableFuture<Integer> ended) {
    toldToStop.countDown();
    int code = ended.completeOnTimeout(FAILED, STOP_SECONDS, TimeUnit.SECONDS).join();
    Runtime.getRuntime().halt(code);
  }
}
