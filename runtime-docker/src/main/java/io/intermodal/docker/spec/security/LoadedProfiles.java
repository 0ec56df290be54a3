package io.intermodal.docker.spec.security;

import io.intermodal.runtime.CriException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The AppArmor profiles that the kernel has. Docker makes a container with a profile that is not
 * loaded and fails at its start; CRI wants to hear of it when the container is made.
 */
public final class LoadedProfiles {
  /** Those of this host. */
  public static final LoadedProfiles OF_KERNEL =
      new LoadedProfiles(Path.of("/sys/kernel/security/apparmor/profiles"));

  private static final Logger log = LoggerFactory.getLogger(LoadedProfiles.class);
  private static final String OPTION = "apparmor=";

  private final Path list;

  /**
   * @param list the kernel's file: a line for each profile, its name and then its mode, as in
   *     {@code docker-default (enforce)}
   */
  LoadedProfiles(Path list) {
    this.list = list;
  }

  /**
   * Checks the profile in Docker's security options, if one is named.
   *
   * @return the options
   * @throws CriException FAILED_PRECONDITION when it is not loaded. Where the list cannot be read
   *     Docker has the say, at the start
   */
  public List<String> checked(List<String> options) {
    options.stream()
        .filter(option -> option.startsWith(OPTION))
        .map(option -> option.substring(OPTION.length()))
        .filter(name -> !name.equals(AppArmorOption.UNCONFINED))
        .forEach(this::refuseMissing);
    return options;
  }

  private void refuseMissing(String name) {
    List<String> lines;
    try {
      lines = Files.readAllLines(list, StandardCharsets.UTF_8);
    } catch (IOException e) {
      log.debug("which AppArmor profiles are loaded is not known: {}", e.toString());
      return;
    }
    if (lines.stream().noneMatch(line -> line.startsWith(name + " ("))) {
      throw CriException.failedPrecondition(
          "apparmor profile \"%s\" is not loaded on this host: load it with apparmor_parser"
              .formatted(name));
    }
  }
}
