package dev.slipway.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.slipway.common.testing.FreePorts;
import dev.slipway.common.testing.TestMinio;
import io.minio.ListMultipartUploadsArgs;
import io.minio.MinioAsyncClient;
import io.minio.errors.XmlParserException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class S3ObjectStoreTest extends ObjectStoreContract {
  private static TestMinio minio;
  private StoreSettings.S3 settings;

  @BeforeAll
  static void startMinio() {
    minio = TestMinio.shared();
  }

  @Override
  ObjectStore open() {
    settings = withSmallParts(minio.freshBucket());
    return ObjectStores.open(settings);
  }

  @Override
  ObjectStore openUnreachable() {
    URI nobody = URI.create("http://127.0.0.1:" + FreePorts.next());
    return ObjectStores.open(new StoreSettings.S3(nobody, "bucket", "key", "secret", null));
  }

  @Override
  int unfinishedUploads() {
    try (var client = MinioAsyncClient.builder()
        .endpoint(settings.url().toString())
        .credentials(settings.accessKey(), settings.secretKey())
        .build()) {
      // MinIO lists unfinished uploads only for a prefix that is a whole key.
      return Stream.of("blobs/one", "blobs/large", "blobs/broken")
          .mapToInt(key -> unfinishedUploads(client, key))
          .sum();
    }
  }

  private int unfinishedUploads(MinioAsyncClient client, String key) {
    var args =
        ListMultipartUploadsArgs.builder().bucket(settings.bucket()).prefix(key).build();
    try {
      return client.listMultipartUploads(args).join().result().uploads().size();
    } catch (CompletionException e) {
      // This client cannot read an upload that MinIO lists (it has no storage class): so there is
      // one.
      assertThat(e).hasCauseInstanceOf(XmlParserException.class);
      return 1;
    }
  }

  @Test
  void unfinishedUploadsAreSeenByThisTest() {
    var presigner = store().presigner().orElseThrow();

    String upload = presigner.createMultipart("blobs/one");
    int begun = unfinishedUploads();
    presigner.abortMultipart("blobs/one", upload);

    assertThat(begun).isEqualTo(1);
    assertThat(unfinishedUploads()).isZero();
  }

  @Test
  void openingAgainUsesTheBucketThatIsThere() throws IOException {
    put("blobs/one", "x");

    try (ObjectStore again = ObjectStores.open(settings);
        ObjectStore reader = ObjectStores.open(minio.settings(settings.bucket()))) {
      assertThat(again.stat("blobs/one")).isPresent();
      assertThat(reader.stat("blobs/one")).isPresent();
    }
  }

  @Test
  void bucketThatIsNotThereIsReportedByItsName() {
    try (ObjectStore store = ObjectStores.open(minio.settings("no-such-bucket"))) {
      assertThatExceptionOfType(ObjectStoreException.Unreachable.class)
          .isThrownBy(() -> store.put("a", new PatternStream(3)))
          .withMessageContaining("NoSuchBucket");
      assertThatExceptionOfType(ObjectStoreException.Unreachable.class)
          .isThrownBy(() -> store.list("", null, 1));
    }
  }

  @Test
  void wrongKeysAreUnreachableAndNeverPrinted() {
    var wrong = new StoreSettings.S3(
        settings.url(), settings.bucket(), "slipway-test", "wrong-secret-key", null);

    try (ObjectStore store = ObjectStores.open(wrong)) {
      assertThatExceptionOfType(ObjectStoreException.Unreachable.class)
          .isThrownBy(() -> store.put("a", new PatternStream(3)))
          .withMessageContaining("SignatureDoesNotMatch")
          .satisfies(failure -> assertThat(failure.toString()).doesNotContain("wrong-secret-key"));
    }
    assertThat(wrong.toString()).doesNotContain("wrong-secret-key").doesNotContain("slipway-test");
  }

  @Test
  void serverThatStopsIsUnreachableAndWorksAgainWhenItIsBack() throws IOException {
    try (TestMinio own = TestMinio.start();
        ObjectStore store = ObjectStores.open(withSmallParts(own.freshBucket()))) {
      store.put("a", new PatternStream(3));

      own.stop();
      assertThatExceptionOfType(ObjectStoreException.Unreachable.class)
          .isThrownBy(() -> store.put("b", new PatternStream(PART_SIZE + 1)));
      assertThatExceptionOfType(ObjectStoreException.Unreachable.class)
          .isThrownBy(() -> store.get("a").close());

      own.resume();
      assertThat(store.stat("a")).isPresent();
      assertThat(store.stat("b")).isEmpty();
    }
  }

  @Test
  void serverThatDiesInTheMiddleOfAReadIsAnErrorAndNoShortStream() throws IOException {
    long size = 20L << 20;
    try (TestMinio own = TestMinio.start();
        ObjectStore store = ObjectStores.open(withSmallParts(own.freshBucket()))) {
      store.put("a", new PatternStream(size));
      try (InputStream content = store.get("a")) {
        content.readNBytes(1000);

        own.stop();

        assertThatExceptionOfType(IOException.class).isThrownBy(content::readAllBytes);
      }
    }
  }

  @Test
  void presignedLinksPutAndGetWithoutKeys() throws Exception {
    // Given
    var presigner = store().presigner().orElseThrow();
    byte[] content = bytes(1000);

    // When
    send("PUT", presigner.put("blobs/one", Duration.ofMinutes(1)), content);
    var answer = send("GET", presigner.get("blobs/one", Duration.ofMinutes(1)), null);

    // Then
    assertThat(answer.body()).isEqualTo(content);
    assertThat(read("blobs/one")).isEqualTo(content);
  }

  @Test
  void presignedPartsBecomeOneObjectInTheOrderOfTheirNumbers() throws Exception {
    // Given
    var presigner = store().presigner().orElseThrow();
    byte[] content = bytes(PART_SIZE + 77);
    String upload = presigner.createMultipart("blobs/one");

    // When
    String second = uploadPart(upload, 2, Arrays.copyOfRange(content, PART_SIZE, content.length));
    String first = uploadPart(upload, 1, Arrays.copyOf(content, PART_SIZE));
    presigner.completeMultipart(
        "blobs/one", upload, List.of(new Presigner.Part(2, second), new Presigner.Part(1, first)));

    // Then
    assertThat(read("blobs/one")).isEqualTo(content);
  }

  @Test
  void multipartThatCannotBeCompletedIsRefusedByKind() {
    var presigner = store().presigner().orElseThrow();
    String upload = presigner.createMultipart("blobs/one");
    var parts = List.of(new Presigner.Part(1, "0123456789abcdef0123456789abcdef"));

    assertThatExceptionOfType(ObjectStoreException.Mismatch.class)
        .isThrownBy(() -> presigner.completeMultipart("blobs/one", upload, parts));
    presigner.abortMultipart("blobs/one", upload);
    presigner.abortMultipart("blobs/one", upload);
    assertThatExceptionOfType(ObjectStoreException.Missing.class)
        .isThrownBy(() -> presigner.completeMultipart("blobs/one", upload, parts));
  }

  @Test
  void linkMustBeValidForASecondToSevenDays() {
    var presigner = store().presigner().orElseThrow();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> presigner.get("blobs/one", Duration.ZERO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> presigner.get("blobs/one", Duration.ofDays(8)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> presigner.part("blobs/one", "id", 10_001, Duration.ofDays(1)));
  }

  private String uploadPart(String upload, int number, byte[] content) throws Exception {
    var presigner = store().presigner().orElseThrow();
    URI link = presigner.part("blobs/one", upload, number, Duration.ofMinutes(1));
    return send("PUT", link, content).headers().firstValue("ETag").orElseThrow();
  }

  private static HttpResponse<byte[]> send(String method, URI link, byte[] body) throws Exception {
    var publisher = body == null
        ? HttpRequest.BodyPublishers.noBody()
        : HttpRequest.BodyPublishers.ofByteArray(body);
    try (var client = HttpClient.newHttpClient()) {
      var answer = client.send(
          HttpRequest.newBuilder(link).method(method, publisher).build(),
          HttpResponse.BodyHandlers.ofByteArray());
      assertThat(answer.statusCode()).isEqualTo(200);
      return answer;
    }
  }

  private static StoreSettings.S3 withSmallParts(StoreSettings.S3 settings) {
    return new StoreSettings.S3(
        settings.url(),
        settings.bucket(),
        settings.accessKey(),
        settings.secretKey(),
        settings.region(),
        settings.create(),
        PART_SIZE);
  }
}
