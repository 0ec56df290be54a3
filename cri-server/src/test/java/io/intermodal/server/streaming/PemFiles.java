package io.intermodal.server.streaming;

import io.intermodal.server.streaming.StreamingSettings.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;

/** A certificate that signs itself, with its key, in two files. */
record PemFiles(TlsFiles files, Certificate certificate) {
  private static final char[] PASSWORD = "changeit".toCharArray();

  /** Makes a new one and writes it over what is in the folder. */
  static PemFiles writeTo(Path folder) throws IOException, InterruptedException {
    Path store = folder.resolve("store.p12");
    Files.deleteIfExists(store);
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool: " + said);
    }
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD);
      Certificate certificate = keys.getCertificate("server");
      TlsFiles files = new TlsFiles(folder.resolve("tls.crt"), folder.resolve("tls.key"));
      Files.writeString(files.certificate(), pem("CERTIFICATE", certificate.getEncoded()));
      Files.writeString(
          files.key(), pem("PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded()));
      return new PemFiles(files, certificate);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static String pem(String kind, byte[] der) {
    String text =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, text, kind);
  }
}
