package io.intermodal.server.setup.change;

import com.google.common.collect.ImmutableList;
import io.intermodal.runtime.setup.Leavings;
import io.intermodal.runtime.setup.WantedFile;
import io.intermodal.server.setup.host.PacketRule;
import io.intermodal.server.setup.service.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A node as it must be.
 *
 * @param files what must be in files
 * @param absent files that must not be there
 * @param settings the kernel's settings
 * @param rules of the packet filter
 * @param services what must run, in the order in which it is started
 */
public record WantedNode(
    List<WantedFile> files,
    List<AbsentFile> absent,
    List<KernelSetting> settings,
    List<FilterRule> rules,
    List<WantedService> services) {
  /** One of which nothing is wanted: all is put back. */
  public static final WantedNode NONE =
      new WantedNode(List.of(), List.of(), List.of(), List.of(), List.of());

  public WantedNode {
    files = ImmutableList.copyOf(files);
    absent = ImmutableList.copyOf(absent);
    settings = ImmutableList.copyOf(settings);
    rules = ImmutableList.copyOf(rules);
    services = ImmutableList.copyOf(services);
  }

  /**
   * A file that must not be there.
   *
   * @param path absolute
   * @param reason why, for people
   */
  public record AbsentFile(Path path, String reason) {}

  /**
   * A setting of the kernel.
   *
   * @param name as sysctl(8) names it
   * @param value what it must be
   * @param module the kernel's module that brings it; empty for one that is always there
   * @param reason why, for people
   */
  public record KernelSetting(String name, String value, Optional<String> module, String reason) {}

  /**
   * A rule of the packet filter, before all others of its chain.
   *
   * @param rule which
   * @param reason why, for people
   */
  public record FilterRule(PacketRule rule, String reason) {}

  /**
   * A daemon that must run.
   *
   * @param service which
   * @param configuration the files that it reads when it starts
   * @param readiness finds out whether it does what it is for
   * @param patience how long it may take to be ready
   * @param leavings what it leaves behind
   */
  public record WantedService(
      Service service,
      List<WantedFile> configuration,
      Readiness readiness,
      Duration patience,
      Leavings leavings) {
    public WantedService {
      configuration = ImmutableList.copyOf(configuration);
    }
  }

  /** Whether a daemon does what it is for. */
  @FunctionalInterface
  public interface Readiness {
    /** Why it does not, in one sentence; empty when it does. Takes seconds at most. */
    Optional<String> whyNot();
  }

  /** Puts one together. */
  public static final class Builder {
    private final List<WantedFile> files = new ArrayList<>();
    private final List<AbsentFile> absent = new ArrayList<>();
    private final List<KernelSetting> settings = new ArrayList<>();
    private final List<FilterRule> rules = new ArrayList<>();
    private final List<WantedService> services = new ArrayList<>();

    /** Adds a file. */
    public Builder file(WantedFile file) {
      files.add(file);
      return this;
    }

    /** Adds files. */
    public Builder files(List<WantedFile> more) {
      files.addAll(more);
      return this;
    }

    /** Adds a file that must not be there. */
    public Builder absent(AbsentFile file) {
      absent.add(file);
      return this;
    }

    /** Adds a setting. */
    public Builder setting(KernelSetting setting) {
      settings.add(setting);
      return this;
    }

    /** Adds a rule. */
    public Builder rule(FilterRule rule) {
      rules.add(rule);
      return this;
    }

    /** Adds a service, to be started after those that were added before. */
    public Builder service(WantedService service) {
      services.add(service);
      return this;
    }

    public WantedNode build() {
      return new WantedNode(files, absent, settings, rules, services);
    }
  }
}
