package io.intermodal.tests.suite.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intermodal.cri.v1.Mount;
import io.intermodal.cri.v1.PortMapping;
import io.intermodal.tests.cri.Container;
import io.intermodal.tests.cri.Cri;
import io.intermodal.tests.cri.Pod;
import io.intermodal.tests.engine.EndToEnd;
import io.intermodal.tests.engine.EngineKind;
import io.intermodal.tests.engine.Node;
import io.intermodal.tests.host.Await;
import io.intermodal.tests.host.HostAddress;
import io.intermodal.tests.host.Ports;
import io.intermodal.tests.suite.cluster.Browser.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/** An ingress: nginx on two ports of the node, before pods that it chooses by host and path. */
@EndToEnd({
  EngineKind.TRANSLATED,
  EngineKind.FORWARDED,
  EngineKind.FORWARDED_NEWER,
  EngineKind.FORWARDED_CRIO
})
class IngressIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String SHOP = "shop.example";
  private static final String PAY = "pay.example";
  private static final int BACKEND_PORT = 8080;

  private final Cri cri;
  private final Node node;

  IngressIT(Cri cri, Node node) {
    this.cri = cri;
    this.node = node;
  }

  @Test
  void hosts_and_paths_lead_to_their_pods_by_http_and_by_tls_and_after_a_reload_to_others()
      throws IOException {
    var image = cri.testImages().nginx();
    Path volumes = Files.createTempDirectory(node.folder(), "ingress-");
    Certificate certificate = Certificate.create(volumes, List.of(SHOP, PAY));
    int http = Ports.free();
    int https = Ports.free();
    Pod shop = backend("the shop");
    Pod pay = backend("the till");

    try (AtomicFolder rules = AtomicFolder.mount(volumes.resolve("rules"), "0644", 0)) {
      rules.write(files(certificate, shop, pay));
      Container nginx =
          cri.runPod(config ->
                  config.addPortMappings(mapping(http, 80)).addPortMappings(mapping(https, 443)))
              .start(
                  cri.container(image)
                      .addArgs("-c")
                      .addArgs("/etc/ingress/nginx.conf")
                      .addMounts(
                          Mount.newBuilder()
                              .setHostPath(rules.path().toString())
                              .setContainerPath("/etc/ingress")
                              .setReadonly(true)));

      Browser outside = new Browser(HostAddress.first(), certificate.trusting());
      Await.until("the ingress answers", SOON, () -> answers(outside, http));
      assertThat(outside.http(http, SHOP, "/")).isEqualTo(new Page(200, "the shop\n"));
      assertThat(outside.http(http, SHOP, "/pay/")).isEqualTo(new Page(200, "the till\n"));
      assertThat(outside.http(http, PAY, "/")).isEqualTo(new Page(200, "the till\n"));
      assertThat(outside.https(https, SHOP, "/")).isEqualTo(new Page(200, "the shop\n"));
      assertThat(outside.https(https, PAY, "/")).isEqualTo(new Page(200, "the till\n"));
      assertThat(outside.http(http, "elsewhere.example", "/").status()).isEqualTo(404);
      assertThat(outside.http(http, SHOP, "/missing").status()).isEqualTo(404);
      assertThatThrownBy(() -> outside.https(https, "elsewhere.example", "/"))
          .isInstanceOf(SSLHandshakeException.class);

      // The pods change places: the rules' files change, and nginx is told.
      rules.write(files(certificate, pay, shop));
      assertThat(nginx.exec("kill -HUP $(cat /tmp/nginx.pid)").getExitCode()).isZero();
      Await.until(
          "the new rules hold",
          SOON,
          () -> outside.https(https, PAY, "/").equals(new Page(200, "the shop\n")));
      assertThat(outside.http(http, SHOP, "/")).isEqualTo(new Page(200, "the till\n"));
    }
  }

  private Pod backend(String words) {
    Pod pod = cri.runPod();
    var _ =
        pod.start(
            "mkdir /tmp/www; echo %s > /tmp/www/index.html; exec httpd -f -p %d -h /tmp/www"
                .formatted(words, BACKEND_PORT));
    return pod;
  }

  private static Map<String, String> files(Certificate certificate, Pod shop, Pod pay) {
    return Map.of(
        "nginx.conf",
        rules(address(shop), address(pay)),
        "tls.crt",
        certificate.chain(),
        "tls.key",
        certificate.key());
  }

  /** The stock of an ingress controller: two hosts, one of them with a path of its own. */
  private static String rules(String shop, String pay) {
    return """
    daemon off;
    user nobody nogroup;
    pid /tmp/nginx.pid;
    error_log stderr notice;
    worker_processes 1;
    events { worker_connections 64; }
    http {
      access_log off;
      client_body_temp_path /tmp/body;
      proxy_temp_path /tmp/proxy;
      fastcgi_temp_path /tmp/fastcgi;
      uwsgi_temp_path /tmp/uwsgi;
      scgi_temp_path /tmp/scgi;
      ssl_certificate /etc/ingress/tls.crt;
      ssl_certificate_key /etc/ingress/tls.key;
      server {
        listen 80 default_server;
        listen 443 ssl default_server;
        return 404;
      }
      server {
        listen 80;
        listen 443 ssl;
        server_name shop.example;
        location / { proxy_pass http://%1$s; }
        location /pay/ { proxy_pass http://%2$s/; }
      }
      server {
        listen 80;
        listen 443 ssl;
        server_name pay.example;
        location / { proxy_pass http://%2$s; }
      }
    }
    """
        .formatted(shop, pay);
  }

  private static String address(Pod backend) {
    return backend.ip() + ":" + BACKEND_PORT;
  }

  private static boolean answers(Browser browser, int port) {
    try {
      return browser.http(port, SHOP, "/").status() == 200
          && browser.http(port, PAY, "/").status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static PortMapping mapping(int hostPort, int containerPort) {
    return PortMapping.newBuilder().setHostPort(hostPort).setContainerPort(containerPort).build();
  }
}
