package dev.slipway.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.store.ObjectStore.ObjectInfo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every object store promises; each implementation runs it. */
abstract class ObjectStoreContract {
  /** Parts of the stores under test: the smallest that S3 takes. */
  static final int PART_SIZE = 5 << 20;

  private ObjectStore store;

  /** A new, empty store. */
  abstract ObjectStore open() throws IOException;

  /** A store that does not answer. */
  abstract ObjectStore openUnreachable() throws IOException;

  /** How many unfinished uploads the store under test keeps on disk or on the server. */
  abstract int unfinishedUploads() throws IOException;

  @BeforeEach
  void openStore() throws IOException {
    store = open();
  }

  @AfterEach
  void closeStore() {
    if (store != null) {
      store.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4096, PART_SIZE - 1, PART_SIZE, PART_SIZE + 1, 2 * PART_SIZE})
  void whatIsPutIsWhatIsRead(int size) throws IOException {
    // Given
    byte[] content = bytes(size);

    // When
    var written = store.put("blobs/one", new ByteArrayInputStream(content));

    // Then
    assertThat(written).isEqualTo(new ObjectStore.Written("blobs/one", size, Digest.of(content)));
    assertThat(read("blobs/one")).isEqualTo(content);
    assertThat(store.stat("blobs/one")).contains(new ObjectInfo("blobs/one", size));
  }

  @Test
  void streamLargerThanManyPartsKeepsItsDigest() throws IOException {
    // Given
    long size = 67L * (1 << 20) + 17;

    // When
    var written = store.put("blobs/large", new PatternStream(size));

    // Then
    var verified =
        new VerifyingInputStream(store.get("blobs/large"), "blobs/large", size, written.digest());
    try (var expected = new PatternStream(size);
        verified) {
      assertThat(verified).hasSameContentAs(expected);
    }
    assertThat(written.size()).isEqualTo(size);
    assertThat(unfinishedUploads()).isZero();
  }

  @Test
  void putReplacesWhatWasThere() throws IOException {
    // Given
    put("blobs/one", "the first");

    // When
    put("blobs/one", "2nd");

    // Then
    assertThat(readText("blobs/one")).isEqualTo("2nd");
    assertThat(store.list("", null, 10)).containsExactly(new ObjectInfo("blobs/one", 3));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, PART_SIZE, 2 * PART_SIZE + 5})
  void streamThatBreaksOffLeavesNothing(int before) throws IOException {
    // Given
    var broken = new BrokenStream(before, new IOException("the cable was cut"));

    // When
    assertThatExceptionOfType(ObjectStoreException.SourceFailed.class)
        .isThrownBy(() -> store.put("blobs/broken", broken))
        .withMessageContaining("blobs/broken")
        .withMessageContaining("the cable was cut");

    // Then
    assertThat(store.stat("blobs/broken")).isEmpty();
    assertThat(store.list("", null, 10)).isEmpty();
    assertThat(unfinishedUploads()).isZero();
  }

  @Test
  void streamThatBreaksOffKeepsTheObjectThatWasThere() throws IOException {
    // Given
    put("blobs/one", "the first");

    // When
    assertThatExceptionOfType(ObjectStoreException.SourceFailed.class)
        .isThrownBy(
            () -> store.put("blobs/one", new BrokenStream(PART_SIZE + 1, new IOException("gone"))));

    // Then
    assertThat(readText("blobs/one")).isEqualTo("the first");
  }

  @Test
  void runtimeFailureOfTheStreamPassesThroughAndLeavesNothing() throws IOException {
    // Given
    var refusal = new IllegalStateException("quota is used up");

    // When
    assertThatThrownBy(() -> store.put("blobs/one", new BrokenStream(PART_SIZE + 1, refusal)))
        .isSameAs(refusal);

    // Then
    assertThat(store.list("", null, 10)).isEmpty();
    assertThat(unfinishedUploads()).isZero();
  }

  @Test
  void putDoesNotCloseItsSource() {
    // Given
    var source = new ByteArrayInputStream(bytes(10)) {
      private boolean closed;

      @Override
      public void close() {
        closed = true;
      }
    };

    // When
    store.put("blobs/one", source);

    // Then
    assertThat(source.closed).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "0, -1, 0123456789",
    "3, -1, 3456789",
    "0, 4, 0123",
    "3, 4, 3456",
    "8, 100, 89",
    "9, 1, 9",
    "3, 0, ''",
    "10, -1, ''",
    "10, 5, ''",
    "11, -1, ''",
    "9999, 2, ''"
  })
  void rangeAnswersItsBytes(long offset, long length, String expected) throws IOException {
    // Given
    put("blobs/one", "0123456789");

    // When
    try (InputStream content = store.get("blobs/one", offset, length)) {

      // Then
      assertThat(content).hasContent(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"-1, -1", "0, -2"})
  void nonsensicalRangeIsRefused(long offset, long length) {
    put("blobs/one", "0123456789");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.get("blobs/one", offset, length).close());
  }

  @Test
  void missingObjectIsReportedByItsKey() {
    for (long length : new long[] {-1, 0, 5}) {
      assertThatExceptionOfType(ObjectStoreException.Missing.class)
          .isThrownBy(() -> store.get("blobs/none", 0, length).close())
          .satisfies(missing -> assertThat(missing.key()).isEqualTo("blobs/none"));
    }
    assertThat(store.stat("blobs/none")).isEmpty();
  }

  @Test
  void folderIsNoObject() {
    put("blobs/one", "x");

    assertThat(store.stat("blobs")).isEmpty();
    assertThatExceptionOfType(ObjectStoreException.Missing.class)
        .isThrownBy(() -> store.get("blobs").close());
  }

  @Test
  void deletedObjectIsGoneAndDeletingAgainIsNoError() {
    // Given
    put("blobs/one", "x");
    put("blobs/two", "y");

    // When
    store.delete("blobs/one");
    store.delete("blobs/one");
    store.delete("never/was/there");

    // Then
    assertThat(store.stat("blobs/one")).isEmpty();
    assertThat(store.list("", null, 10)).containsExactly(new ObjectInfo("blobs/two", 1));
  }

  @Test
  void listIsInByteOrderOfTheKeys() {
    // Given: '-' and '.' come before '/', '0' and letters after it
    List<String> keys =
        List.of("A", "a-b", "a-b.c", "a.b", "a/b", "a/b-c", "a/c/d", "a0", "b", "b_", "ba");
    for (String key : keys.reversed()) {
      put(key, key);
    }

    // When
    var listed = store.list("", null, 100);

    // Then
    assertThat(listed)
        .containsExactlyElementsOf(
            keys.stream().map(key -> new ObjectInfo(key, key.length())).toList());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "a/, null, 9, a/1 a/2 a/3/x",
        "a, null, 9, a/1 a/2 a/3/x ab",
        "a/3, null, 9, a/3/x",
        "'', a/2, 9, a/3/x ab b",
        "'', a/2, 1, a/3/x",
        "a/, a/2zz, 9, a/3/x",
        "a/, a, 2, a/1 a/2",
        "'', zz, 9, ''",
        "c, null, 9, ''",
        "'', null, 0, ''"
      })
  void listPagesByPrefixAndStartAfter(
      String prefix, String startAfter, int limit, String expected) {
    // Given
    for (String key : List.of("a/1", "a/2", "a/3/x", "ab", "b")) {
      put(key, "x");
    }

    // When
    var listed = store.list(prefix, startAfter, limit);

    // Then
    assertThat(listed.stream().map(ObjectInfo::key))
        .containsExactlyElementsOf(
            Arrays.stream(expected.split(" ")).filter(key -> !key.isEmpty()).toList());
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "/",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "../a",
        "a/../b",
        "a/..",
        "a/.hidden",
        ".incoming/x",
        "a\\b",
        "a b",
        "a\nb",
        "a%2e",
        "ä",
        "C:\\x",
        "a:b",
        "a*",
        "~"
      })
  void badKeyIsRefusedByEveryMethod(String key) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.put(key, InputStream.nullInputStream()));
    assertThatIllegalArgumentException().isThrownBy(() -> store.get(key).close());
    assertThatIllegalArgumentException().isThrownBy(() -> store.stat(key));
    assertThatIllegalArgumentException().isThrownBy(() -> store.delete(key));
  }

  @Test
  void overlongKeyIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> store.stat("a".repeat(201)));
    assertThatIllegalArgumentException().isThrownBy(() -> store.stat("a/".repeat(256) + "a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "..", "../", "a//", ".inc", "a b"})
  void badPrefixIsRefused(String prefix) {
    assertThatIllegalArgumentException().isThrownBy(() -> store.list(prefix, null, 1));
  }

  @Test
  void parallelPutsOfOneKeyLeaveOneOfThemWhole() throws Exception {
    // Given
    List<Callable<Digest>> puts = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      byte[] content = ("content " + i).repeat(10_000).getBytes(StandardCharsets.UTF_8);
      puts.add(() -> store.put("blobs/one", new ByteArrayInputStream(content)).digest());
    }

    // When
    List<Digest> digests = new ArrayList<>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Digest> put : executor.invokeAll(puts)) {
        digests.add(put.get());
      }
    }

    // Then
    assertThat(digests).contains(Digest.of(read("blobs/one")));
    assertThat(unfinishedUploads()).isZero();
  }

  @Test
  void storeThatDoesNotAnswerIsUnreachableToEveryMethod() throws IOException {
    try (ObjectStore unreachable = openUnreachable()) {
      assertThatExceptionOfType(ObjectStoreException.Unreachable.class)
          .isThrownBy(() -> unreachable.put("a", new ByteArrayInputStream(bytes(3))))
          .satisfies(failure -> assertThat(failure.key()).isEqualTo("a"));
      assertThatExceptionOfType(ObjectStoreException.Unreachable.class)
          .isThrownBy(() -> unreachable.get("a").close());
      assertThatExceptionOfType(ObjectStoreException.Unreachable.class)
          .isThrownBy(() -> unreachable.stat("a"));
      assertThatExceptionOfType(ObjectStoreException.Unreachable.class)
          .isThrownBy(() -> unreachable.list("", null, 1));
      assertThatExceptionOfType(ObjectStoreException.Unreachable.class)
          .isThrownBy(() -> unreachable.delete("a"));
    }
  }

  final ObjectStore store() {
    return store;
  }

  final void put(String key, String text) {
    store.put(key, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  final byte[] read(String key) throws IOException {
    try (InputStream content = store.get(key)) {
      return content.readAllBytes();
    }
  }

  final String readText(String key) throws IOException {
    return new String(read(key), StandardCharsets.UTF_8);
  }

  static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
