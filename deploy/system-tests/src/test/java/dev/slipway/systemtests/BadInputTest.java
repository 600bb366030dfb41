package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.systemtests.cluster.Answer;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.Http;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.scenario.IrisModels;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each bad input gets a 4xx in the protocol's own error form that says what was expected and what came. */
class BadInputTest {
  private static final String MODEL = "fussy";
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster = Cluster.start(ClusterPlan.usual());
    IrisModels.register(cluster.registry(), MODEL);
    assertThat(cluster.registry().promote(MODEL, 1).path("state").asText()).isEqualTo("live");
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  /** What is wrong, the tensor, and two things that the error must say. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', textBlock = """
          wrong name            | "name":"Y","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]                       | 'X'    | Y
          wrong rank            | "name":"X","shape":[4],"datatype":"FP32","data":[1,2,3,4]                         | 4      | X
          wrong width           | "name":"X","shape":[1,3],"datatype":"FP32","data":[1,2,3]                         | 4      | 3
          wrong datatype        | "name":"X","shape":[1,4],"datatype":"INT64","data":[1,2,3,4]                      | FP32   | INT64
          unknown datatype      | "name":"X","shape":[1,4],"datatype":"FP31","data":[1,2,3,4]                       | FP31   | datatype
          too few values        | "name":"X","shape":[2,4],"datatype":"FP32","data":[1,2,3,4]                       | 8      | 4
          too many values       | "name":"X","shape":[1,4],"datatype":"FP32","data":[1,2,3,4,5]                     | 4      | X
          product overflows     | "name":"X","shape":[4611686018427387904,4],"datatype":"FP32","data":[1,2,3,4]     | X      | shape
          negative dimension    | "name":"X","shape":[-1,4],"datatype":"FP32","data":[1,2,3,4]                      | -1     | shape
          a truth value         | "name":"X","shape":[1,4],"datatype":"FP32","data":[1,2,true,4]                    | true   | X
          a word for no number  | "name":"X","shape":[1,4],"datatype":"FP32","data":[1,2,nan,4]                     | nan    | JSON
          out of range          | "name":"X","shape":[1,4],"datatype":"FP32","data":[1,2,1e39,4]                    | 1e39   | FP32
          a string for a number | "name":"X","shape":[1,4],"datatype":"FP32","data":[1,2,"three",4]                 | X      | string
          """)
  void aTensorThatDoesNotFitIsRefused(String what, String tensor, String expected, String came) {
    refused(infer("{\"inputs\":[{" + tensor + "}]}"), 400, expected.replace("'", ""), came);
  }

  @Test
  void aMissingTensorIsNamed() {
    refused(infer("{\"inputs\":[]}"), 400, "X", "input");
  }

  @Test
  void whatIsNotJsonIsRefused() {
    refused(infer("flowers, please"), 400, "JSON", "");
    refused(infer(""), 400, "", "");
    refused(infer("{\"inputs\":[{\"name\":\"X\""), 400, "", "");
    refused(infer("[".repeat(100_000)), 400, "", "");
  }

  @Test
  void aHundredMegabytesAreRefused() {
    Answer answer = send(100L << 20);

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.text("error")).isNotEmpty();
    cluster.serving().infer(MODEL, IrisModels.ROW).expect(200);
  }

  private static Answer send(long bytes) {
    return Http.raw(
        "POST",
        cluster.serving().url().resolve("/v2/models/" + MODEL + "/infer"),
        "application/json",
        BodyPublishers.ofInputStream(() -> new Spaces(bytes)));
  }

  @Test
  void aModelOrVersionThatIsNotServedIsNotFound() {
    refused(cluster.serving().infer("nobody", IrisModels.ROW), 404, "nobody", "");
    // Version 2 is registered and was never live: naming it goes round no review.
    refused(cluster.serving().inferVersion(MODEL, 2, IrisModels.ROW), 404, "2", MODEL);
    refused(cluster.serving().inferVersion(MODEL, 99, IrisModels.ROW), 404, "99", MODEL);
  }

  @Test
  void theFriendlyRouteSaysItAsProblemJson() {
    for (String body : new String[] {
      "{\"rows\":[[1,2,3]]}", "{\"rows\":[[1,2,3,\"four\"]]}", "{\"columns\":7}", "{}", "x"
    }) {
      Answer answer = cluster.serving().predict(MODEL, body);
      assertThat(answer.status()).as(body + " → " + answer.body()).isEqualTo(400);
      assertThat(answer.text("detail")).isNotEmpty();
      assertThat(answer.body()).doesNotContain("Exception", "at dev.slipway");
    }
    assertThat(cluster.serving().predict("nobody", "{\"rows\":[[1,2,3,4]]}").status())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({"../x", "''", "a/b", "..", "'\u0000'", "'  '"})
  void aNameThatCannotBeAModelsNameIsRefused(String name) {
    Answer answer = cluster.registry().createModel(name);

    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.text("detail")).isNotEmpty();
  }

  @Test
  void anOddNameIsRefusedOrWorksAllTheWay() {
    for (String name : new String[] {
      "é 🌷", "x".repeat(300), "x".repeat(256), "a b", "per%cent", "plus+", "colon:1"
    }) {
      RegistryApi registry = cluster.registry();
      Answer created = registry.createModel(name);
      assertThat(created.status()).as(created.body()).isIn(201, 400);
      int found = Http.get(registry.url().resolve(RegistryApi.pathOf(name))).status();
      assertThat(found)
          .as("stored whole or not at all: " + name)
          .isEqualTo(created.status() == 201 ? 200 : 404);
    }
  }

  @Test
  void aFilePathThatLeavesTheVersionIsRefused() {
    RegistryApi registry = cluster.registry();
    int version = registry.beginVersion(MODEL);
    for (String path :
        new String[] {"..%2F..%2Fetc%2Fpasswd", "%2Fetc%2Fpasswd", "a%2F..%2F..%2Fb", "a%00b"}) {
      Answer answer = registry.put(MODEL, version, path, BodyPublishers.ofString("x"));
      assertThat(answer.status()).as(path + " → " + answer.body()).isBetween(400, 499);
    }
    assertThat(
            registry.getModel(MODEL, "/versions/" + version + "/files").json().path("files"))
        .isEmpty();
  }

  private static Answer infer(String body) {
    return cluster.serving().infer(MODEL, body);
  }

  private static void refused(Answer answer, int status, String expected, String came) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    String error = answer.text("error");
    assertThat(error.toLowerCase(Locale.ROOT))
        .isNotEmpty()
        .contains(expected.toLowerCase(Locale.ROOT), came.toLowerCase(Locale.ROOT))
        .doesNotContain("exception", "dev.slipway");
  }

  /** So many blanks, made as they are read. */
  private static final class Spaces extends InputStream {
    private long left;

    Spaces(long count) {
      left = count;
    }

    @Override
    public int read() {
      return left-- > 0 ? ' ' : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      if (left <= 0) {
        return -1;
      }
      int count = (int) Math.min(left, length);
      java.util.Arrays.fill(buffer, offset, offset + count, (byte) ' ');
      left -= count;
      return count;
    }
  }
}
