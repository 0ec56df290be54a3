package io.intermodal.server.command.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.intermodal.cri.v1.Image;
import io.intermodal.cri.v1.ImageStatusRequest;
import io.intermodal.cri.v1.ImageStatusResponse;
import io.intermodal.cri.v1.ListImagesResponse;
import io.intermodal.cri.v1.PullImageRequest;
import io.intermodal.cri.v1.PullImageResponse;
import io.intermodal.cri.v1.RemoveImageRequest;
import io.intermodal.server.command.CommandLineProgram;
import io.intermodal.server.cri.CriOnSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a CRI server that is not ours. */
@Timeout(60)
class ImageCommandsTest {
  private static final String ID = "sha256:" + "ab".repeat(32);
  private static final Image APP =
      Image.newBuilder()
          .setId(ID)
          .addRepoTags("registry.test:5000/app:1")
          .addRepoTags("registry.test:5000/app:2")
          .addRepoDigests("registry.test:5000/app@" + ID)
          .setSize(4_200_000)
          .build();
  private static final Image NAMELESS =
      Image.newBuilder()
          .setId("cd".repeat(32))
          .addRepoDigests("docker.io/library/bare@sha256:" + "ef".repeat(32))
          .setSize(12)
          .build();

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private CriOnSocket cri;

  @BeforeEach
  void start() throws IOException {
    cri = CriOnSocket.at(folder.resolve("cri.sock"));
    cri.answers(
        "ListImages",
        ListImagesResponse.newBuilder().addImages(APP).addImages(NAMELESS).build().toByteArray());
    cri.computes("ImageStatus", ImageCommandsTest::status);
  }

  @AfterEach
  void stop() throws IOException {
    cri.close();
  }

  private static byte[] status(byte[] request) {
    try {
      String asked = ImageStatusRequest.parseFrom(request).getImage().getImage();
      boolean known = asked.equals(ID) || APP.getRepoTagsList().contains(asked);
      return known
          ? ImageStatusResponse.newBuilder().setImage(APP).build().toByteArray()
          : new byte[0];
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void ls_has_a_line_for_each_name() {
    assertThat(run("ls")).isZero();

    assertThat(printed(out))
        .isEqualTo(
            """
            IMAGE                   TAG     ID              SIZE
            docker.io/library/bare  <none>  cdcdcdcdcdcd    12 B
            registry.test:5000/app  1       abababababab  4.2 MB
            registry.test:5000/app  2       abababababab  4.2 MB
            """);
    assertThat(printed(err)).isEmpty();
  }

  @Test
  void ls_filters_by_a_part_of_a_name_or_the_beginning_of_an_id() {
    for (String filter : List.of("app:2", "registry", "abab", "sha256:abab", ID)) {
      out.reset();
      assertThat(run("ls", "-q", filter)).isZero();
      assertThat(printed(out)).as(filter).isEqualTo(ID + "\n");
    }
    out.reset();
    assertThat(run("ls", "-q", "nobody")).isZero();
    assertThat(printed(out)).isEmpty();
  }

  @Test
  void ls_as_json_has_everything() {
    assertThat(run("ls", "-o", "json", "app")).isZero();

    JsonObject image =
        JsonParser.parseString(printed(out)).getAsJsonArray().get(0).getAsJsonObject();
    assertThat(image)
        .hasToString(
            ("{\"id\":\"%1$s\",\"tags\":[\"registry.test:5000/app:1\",\"registry.test:5000/app:2\"],"
                    + "\"digests\":[\"registry.test:5000/app@%1$s\"],\"size\":4200000,\"pinned\":false}")
                .formatted(ID));
  }

  @Test
  void pull_sends_the_credentials_that_are_typed_or_those_of_the_file() throws IOException {
    cri.answers("PullImage", PullImageResponse.newBuilder().setImageRef(ID).build().toByteArray());

    assertThat(run("pull", "--creds", "me:se:cret", "registry.test:5000/app:1")).isZero();
    assertThat(printed(out)).isEqualTo("registry.test:5000/app:1 " + ID + "\n");
    assertThat(pulled().getAuth().getUsername()).isEqualTo("me");
    assertThat(pulled().getAuth().getPassword()).isEqualTo("se:cret");

    Path logins =
        Files.writeString(
            folder.resolve("logins.json"),
            "{\"auths\":{\"registry.test:5000\":{\"username\":\"u\",\"password\":\"p\"}}}");
    assertThat(run("pull", "--auth-file", logins.toString(), "registry.test:5000/app:1")).isZero();
    assertThat(pulled().getAuth().getUsername()).isEqualTo("u");

    assertThat(run("pull", "--auth-file", logins.toString(), "other.test/app:1")).isZero();
    assertThat(pulled().hasAuth()).isFalse();
  }

  private PullImageRequest pulled() throws InvalidProtocolBufferException {
    return PullImageRequest.parseFrom(cri.last("PullImage").messages().getFirst());
  }

  @Test
  void a_pull_that_fails_is_one_sentence_without_the_password() {
    cri.refuses("PullImage", Status.UNKNOWN.withDescription("fetch: 401 Unauthorized"));
    assertThat(run("pull", "--creds", "me:secret", "app")).isEqualTo(1);
    assertThat(printed(err))
        .hasLineCount(1)
        .startsWith("intermodal image pull: app: the registry refuses: check user and password")
        .doesNotContain("secret");

    err.reset();
    assertThat(run("pull", "app")).isEqualTo(1);
    assertThat(printed(err)).contains("give --creds USER:PASSWORD or --auth-file");

    err.reset();
    cri.refuses("PullImage", Status.NOT_FOUND.withDescription("not found"));
    assertThat(run("pull", "app")).isEqualTo(1);
    assertThat(printed(err)).contains("app: the registry has no such image");
  }

  @Test
  void rm_removes_what_is_there_and_tells_what_is_not() throws IOException {
    cri.answers("RemoveImage", new byte[0]);

    assertThat(run("rm", "none:1", "registry.test:5000/app:1")).isEqualTo(1);

    assertThat(printed(out)).isEqualTo("registry.test:5000/app:1\n");
    assertThat(printed(err))
        .isEqualTo(
            "intermodal image rm: none:1: there is no such image here (intermodal image ls shows them)\n");
    assertThat(cri.seen("RemoveImage")).hasSize(1);
    assertThat(
            RemoveImageRequest.parseFrom(cri.last("RemoveImage").messages().getFirst())
                .getImage()
                .getImage())
        .isEqualTo("registry.test:5000/app:1");
  }

  @Test
  void archives_are_refused_on_a_server_that_is_not_ours() {
    assertThat(run("load", "x.tar")).isEqualTo(1);
    assertThat(printed(err))
        .startsWith("intermodal image load: CRI has no call for archives")
        .hasLineCount(1);
    err.reset();
    assertThat(run("save", "-f", folder.resolve("x.tar").toString(), "app")).isEqualTo(1);
    assertThat(printed(err)).startsWith("intermodal image save: CRI has no call for archives");
    assertThat(folder.resolve("x.tar")).doesNotExist();
  }

  @Test
  void where_nobody_serves_each_of_them_says_so() throws IOException {
    cri.close();

    for (List<String> words :
        List.of(
            List.of("ls"),
            List.of("pull", "app"),
            List.of("rm", "app"),
            List.of("load", "x.tar"),
            List.of("save", "-f", "x.tar", "app"))) {
      err.reset();
      assertThat(run(words.toArray(String[]::new))).as("%s", words).isEqualTo(1);
      assertThat(printed(err)).contains("nobody answers on unix://" + cri.socket()).hasLineCount(1);
    }
  }

  @Test
  void what_cannot_be_meant_is_exit_code_2() {
    for (List<String> words :
        List.of(
            List.of("pull"),
            List.of("pull", "Not/A:Name!"),
            List.of("pull", "--creds", "nocolon", "app"),
            List.of("pull", "--auth-file", "/none/at/all", "app"),
            List.of("rm"),
            List.of("load"),
            List.of("load", "a", "b"),
            List.of("save", "app"),
            List.of("save", "-f", "x", "--format", "zip", "app"),
            List.of("save", "-f", "/none/at/all/x.tar", "app"),
            List.of("ls", "-o", "xml"))) {
      err.reset();
      assertThat(run(words.toArray(String[]::new))).as("%s", words).isEqualTo(2);
      assertThat(printed(err)).as("%s", words).startsWith("intermodal image " + words.getFirst());
    }
  }

  private int run(String... words) {
    List<String> arguments = new ArrayList<>(List.of("image", words[0]));
    arguments.addAll(List.of("-r", cri.endpoint()));
    arguments.addAll(List.of(words).subList(1, words.length));
    return new CommandLineProgram(
            CommandLineProgram.standard(),
            Map.of("HOME", folder.toString()),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8))
        .run(arguments.toArray(String[]::new));
  }

  private static String printed(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
