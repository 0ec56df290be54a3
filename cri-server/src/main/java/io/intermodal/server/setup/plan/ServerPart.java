package io.intermodal.server.setup.plan;

import io.intermodal.runtime.setup.Daemon;
import io.intermodal.runtime.setup.Leavings;
import io.intermodal.runtime.setup.SetupException;
import io.intermodal.runtime.setup.WantedFile;
import io.intermodal.server.config.Configuration;
import io.intermodal.server.config.Setting;
import io.intermodal.server.config.Settings;
import io.intermodal.server.config.Source;
import io.intermodal.server.network.defaults.DefaultNetwork;
import io.intermodal.server.setup.change.WantedNode;
import io.intermodal.server.setup.change.WantedNode.Readiness;
import io.intermodal.server.setup.change.WantedNode.WantedService;
import io.intermodal.server.setup.host.HostFiles;
import io.intermodal.server.setup.host.PacketRule;
import io.intermodal.server.setup.service.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * This server: its file of settings, its unit where systemd runs and no package has brought one,
 * and itself.
 *
 * @param program how it is called
 * @param configuration the settings, of which those that were typed are put into the file
 * @param engines what it serves, the default one first
 * @param systemd whether systemd starts it
 * @param rules of the packet filter that are gone after a start of the machine
 * @param readiness whether it serves them
 */
record ServerPart(
    Path program,
    Configuration configuration,
    List<String> engines,
    boolean systemd,
    List<PacketRule> rules,
    Readiness readiness) {
  private static final String UNIT = "intermodal.service";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<Path> PACKAGED_UNITS =
      List.of(Path.of("/usr/lib/systemd/system", UNIT), Path.of("/lib/systemd/system", UNIT));

  /** The addresses that are in use, which host-local keeps. */
  private static final Path ADDRESSES = Path.of("/var/lib/cni/networks", DefaultNetwork.NAME);

  void into(WantedNode.Builder wanted, HostFiles files) throws SetupException, IOException {
    List<WantedFile> own = new ArrayList<>();
    own.add(settings(files));
    Path config = configuration.get(Settings.CONFIG);
    List<String> command = List.of(program.toString(), "serve", "--config=" + config);
    if (systemd && PACKAGED_UNITS.stream().noneMatch(unit -> Files.exists(files.place(unit)))) {
      own.add(
          new WantedFile(
              Path.of("/etc/systemd/system", UNIT), unit(command), "systemd starts the server"));
    }
    wanted.files(own);
    wanted.service(
        new WantedService(
            new Service(NodePlanner.SERVER, new Daemon(UNIT, command)),
            own,
            readiness,
            PATIENCE,
            leavings(files)));
  }

  /** The network of its pods. */
  private static Leavings leavings(HostFiles files) throws IOException {
    return new Leavings(
        List.of(DefaultNetwork.BRIDGE),
        List.of("CNI-"),
        files.names(ADDRESSES).isEmpty() ? List.of(ADDRESSES) : List.of());
  }

  private WantedFile settings(HostFiles files) throws SetupException, IOException {
    Path config = configuration.get(Settings.CONFIG);
    YamlFile yaml =
        new YamlFile(config, files.read(config).orElse(""))
            .with(Settings.CONTAINER_RUNTIME.name(), String.join(",", engines));
    for (Setting<?> setting : Settings.ALL) {
      Configuration.Value value = configuration.value(setting);
      if (setting.inFile()
          && value.source() instanceof Source.Flag
          && !setting.equals(Settings.CONTAINER_RUNTIME)) {
        yaml = yaml.with(setting.name(), value.text());
      }
    }
    return new WantedFile(config, yaml.text(), "the server serves " + String.join(", ", engines));
  }

  /** It ends without its pods, whichever engine's they are. */
  private String unit(List<String> command) {
    return """
    [Unit]
    Description=Intermodal, one CRI socket in front of container engines
    Wants=network-online.target
    After=network-online.target docker.service containerd.service crio.service

    [Service]
    Type=notify
    %sExecStart=%s
    TimeoutStartSec=300
    Restart=always
    RestartSec=1
    KillMode=process
    Delegate=yes
    OOMScoreAdjust=-999
    LimitNOFILE=1048576

    [Install]
    WantedBy=multi-user.target
    """
        .formatted(
            rules.stream().map(ServerPart::unitLine).collect(Collectors.joining()),
            String.join(" ", command));
  }

  /** Adds a rule unless it is there; pods run without it too. */
  private static String unitLine(PacketRule rule) {
    String spelled = rule.spelled();
    return "ExecStartPre=-/bin/sh -c '%s 2>/dev/null || %s'%n"
        .formatted(spelled.replace(" -I ", " -C "), spelled);
  }
}
