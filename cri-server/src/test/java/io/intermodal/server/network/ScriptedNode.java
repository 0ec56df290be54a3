package io.intermodal.server.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import io.intermodal.cri.v1.DNSConfig;
import io.intermodal.cri.v1.PodSandboxMetadata;
import io.intermodal.runtime.node.PodAttachment;
import io.intermodal.server.network.cni.Json;
import io.intermodal.server.network.cni.MalformedJsonException;
import io.intermodal.server.network.cni.PluginDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * A node in a temporary folder, whose plugins are shell scripts that record what they were asked
 * and answer what the test told them.
 */
final class ScriptedNode {
  /** Answers ADD with its prevResult, or with 10.1.0.2 if it is the first. */
  private static final String SCRIPT =
      """
      #!/bin/sh
      me=$(basename "$0")
      if [ "$CNI_COMMAND" = VERSION ]; then
        cat > /dev/null
        if [ -e "@dir@/$me.VERSION.answer" ]; then cat "@dir@/$me.VERSION.answer"; exit 0; fi
        echo '{"cniVersion":"1.1.0","supportedVersions":["0.1.0","0.2.0","0.3.0","0.3.1","0.4.0","1.0.0","1.1.0"]}'
        exit 0
      fi
      said="@dir@/$me.$CNI_COMMAND"
      cat > "$said.stdin"
      env > "$said.env"
      echo "$me $CNI_COMMAND ${CNI_CONTAINERID}" >> "@dir@/calls"
      if [ -e "$said.hang" ]; then sleep 300 & echo $! > "$said.child"; wait; fi
      if [ -e "$said.fail" ]; then cat "$said.fail"; exit 1; fi
      if [ -e "$said.gate" ]; then cat "$said.gate" > /dev/null; fi
      if [ -e "$said.unlink" ]; then rm -f "$(cat "$said.unlink")"; rm "$said.unlink"; echo '{"code":3,"msg":"no such namespace"}'; exit 1; fi
      if [ "$CNI_COMMAND" != ADD ]; then exit 0; fi
      if [ -e "$said.answer" ]; then cat "$said.answer"; exit 0; fi
      if grep -q prevResult "$said.stdin"; then
        sed 's/.*"prevResult":\\({.*}\\)}$/\\1/' "$said.stdin"
      else
        echo '{"cniVersion":"1.0.0","interfaces":[{"name":"eth0","sandbox":"/ns"}],"ips":[{"address":"10.1.0.2/24","gateway":"10.1.0.1","interface":0}]}'
      fi
      """;

  private final Path root;
  final Path conf;
  final Path bin;
  final Path record;
  final Path state;
  final Path foreign;

  ScriptedNode(Path root) throws IOException {
    this.root = root;
    this.conf = Files.createDirectories(root.resolve("net.d"));
    this.bin = Files.createDirectories(root.resolve("bin"));
    this.record = Files.createDirectories(root.resolve("record"));
    this.state = Files.createDirectories(root.resolve("state"));
    this.foreign = Files.createDirectories(root.resolve("foreign"));
  }

  void plugin(String... names) throws IOException {
    for (String name : names) {
      Path script = bin.resolve(name);
      Files.writeString(script, SCRIPT.replace("@dir@", record.toString()));
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /** Three plugins, the last two with capabilities, and their network's file. */
  void usualNetwork() throws IOException {
    plugin("bridge", "portmap", "bandwidth");
    network("10-pods.conflist", USUAL);
  }

  static final String USUAL =
      """
      {"cniVersion":"1.0.0","name":"pods","plugins":[
        {"type":"bridge","bridge":"b0","capabilities":{"ipRanges":true,"dns":true}},
        {"type":"portmap","capabilities":{"portMappings":true}},
        {"type":"bandwidth","capabilities":{"bandwidth":true}}]}
      """;

  void network(String file, String content) throws IOException {
    Path unfinished = root.resolve("unfinished");
    Files.writeString(unfinished, content);
    Files.move(
        unfinished,
        conf.resolve(file),
        java.nio.file.StandardCopyOption.ATOMIC_MOVE,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  /** Makes a plugin behave: {@code hang}, {@code fail}, {@code answer}, {@code unlink}. */
  void script(String plugin, String command, String behaviour, String content) throws IOException {
    Files.writeString(record.resolve(plugin + "." + command + "." + behaviour), content);
  }

  void unscript(String plugin, String command, String behaviour) throws IOException {
    Files.delete(record.resolve(plugin + "." + command + "." + behaviour));
  }

  /** A file that passes for a network namespace. */
  Path namespace(String name) throws IOException {
    return Files.writeString(root.resolve(name), "");
  }

  PodAttachment pod(String sandboxId) throws IOException {
    return pod(sandboxId, Map.of());
  }

  PodAttachment pod(String sandboxId, Map<String, String> annotations) throws IOException {
    return new PodAttachment(
        sandboxId,
        PodSandboxMetadata.newBuilder().setName("web").setNamespace("shop").setUid("uid-1").build(),
        namespace("ns-" + sandboxId).toString(),
        List.of(),
        DNSConfig.getDefaultInstance(),
        annotations,
        "");
  }

  NetworkSettings settings() {
    return new NetworkSettings(
        conf,
        new PluginDirectories(List.of(bin)),
        List.of(foreign),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        Duration.ofMillis(50));
  }

  CniPodNetwork open() throws IOException {
    return CniPodNetwork.open(settings(), new TempStateDirectory(state));
  }

  /** All runs so far: {@code bridge ADD sandbox-1}. */
  List<String> calls() throws IOException {
    Path calls = record.resolve("calls");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  void forgetCalls() throws IOException {
    Files.deleteIfExists(record.resolve("calls"));
  }

  JsonObject stdin(String plugin, String command) throws IOException, MalformedJsonException {
    return Json.object(Files.readAllBytes(record.resolve(plugin + "." + command + ".stdin")));
  }

  List<String> environment(String plugin, String command) throws IOException {
    return Files.readAllLines(record.resolve(plugin + "." + command + ".env"), UTF_8);
  }

  Path journal(String sandboxId) {
    return state.resolve("attachments").resolve(sandboxId + ".json");
  }

  /** Waits until the condition holds, at most ten seconds. */
  static void eventually(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("did not come true within 10 s: " + what);
      }
      Thread.sleep(10);
    }
  }
}
