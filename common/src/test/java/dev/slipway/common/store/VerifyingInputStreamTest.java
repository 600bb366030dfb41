package dev.slipway.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.common.artifact.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class VerifyingInputStreamTest {
  private static final byte[] CONTENT = "what was reviewed".getBytes(StandardCharsets.UTF_8);

  @Test
  void contentThatKeepsItsPromiseIsReadToItsEnd() throws IOException {
    var stream = verifying(CONTENT, CONTENT.length, Digest.of(CONTENT));

    assertThat(stream.readAllBytes()).isEqualTo(CONTENT);
    assertThat(stream.read()).isEqualTo(-1);
  }

  @Test
  void everyWayOfReadingCounts() throws IOException {
    var stream = verifying(CONTENT, CONTENT.length, Digest.of(CONTENT));

    assertThat(stream.read()).isEqualTo('w');
    assertThat(stream.skip(4)).isEqualTo(4);
    assertThat(stream.readNBytes(3)).asString().isEqualTo("was");
    assertThat(stream.skip(1000)).isEqualTo(CONTENT.length - 8);
    assertThat(stream.markSupported()).isFalse();
  }

  @Test
  void flippedByteIsAMismatchThatNamesBothDigests() {
    byte[] flipped = CONTENT.clone();
    flipped[3] ^= 1;
    var stream = verifying(flipped, CONTENT.length, Digest.of(CONTENT));

    assertThatExceptionOfType(ObjectStoreException.Mismatch.class)
        .isThrownBy(stream::readAllBytes)
        .withMessageContaining(Digest.of(CONTENT).value())
        .withMessageContaining(Digest.of(flipped).value())
        .withMessageContaining("blobs/one");
  }

  @Test
  void shortContentIsAMismatch() {
    var stream = verifying(new byte[3], 4, Digest.of(new byte[3]));

    assertThatExceptionOfType(ObjectStoreException.Mismatch.class)
        .isThrownBy(stream::readAllBytes)
        .withMessageContaining("3 bytes, expected 4");
  }

  @Test
  void longContentIsAMismatchBeforeItsEnd() throws IOException {
    var stream = verifying(new byte[100], 4, Digest.of(new byte[100]));
    stream.readNBytes(4);

    assertThatExceptionOfType(ObjectStoreException.Mismatch.class)
        .isThrownBy(stream::read)
        .withMessageContaining("longer than the 4 bytes");
  }

  private static VerifyingInputStream verifying(byte[] content, long size, Digest digest) {
    return new VerifyingInputStream(new ByteArrayInputStream(content), "blobs/one", size, digest);
  }
}
