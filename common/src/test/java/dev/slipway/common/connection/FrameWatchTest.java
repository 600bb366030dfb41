package dev.slipway.common.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.connection.FrameWatch.Open;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameWatchTest {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int CONTINUATION = 9;
  private static final int END_HEADERS = 4;

  private final FrameWatch watch = new FrameWatch();

  private static ByteBuf preface() {
    return Unpooled.copiedBuffer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", StandardCharsets.US_ASCII);
  }

  private static ByteBuf frame(int type, int flags, int length) {
    return Unpooled.buffer()
        .writeMedium(length)
        .writeByte(type)
        .writeByte(flags)
        .writeInt(1)
        .writeZero(length);
  }

  private Open after(ByteBuf bytes) {
    int readable = bytes.readableBytes();
    watch.read(bytes);
    assertThat(bytes.readableBytes()).isEqualTo(readable);
    return watch.open();
  }

  @Test
  void aPrefaceIsAHeadUntilItIsWhole() {
    ByteBuf preface = preface();
    assertThat(after(preface.readSlice(23))).isEqualTo(Open.HEAD);
    assertThat(after(preface)).isEqualTo(Open.NOTHING);
  }

  @Test
  void aHeaderBlockIsOneHeadThroughAllItsFrames() {
    after(preface());
    assertThat(after(frame(HEADERS, 0, 20))).isEqualTo(Open.HEAD);
    assertThat(after(frame(CONTINUATION, 0, 1))).isEqualTo(Open.HEAD);
    assertThat(watch.complete()).isZero();
    assertThat(after(frame(CONTINUATION, END_HEADERS, 0))).isEqualTo(Open.NOTHING);
    assertThat(watch.complete()).isEqualTo(1);
  }

  @Test
  void aPieceOfABodyIsNoHead() {
    after(preface());
    ByteBuf data = frame(DATA, 0, 100);
    assertThat(after(data.readSlice(5))).isEqualTo(Open.HEAD);
    assertThat(after(data.readSlice(4))).isEqualTo(Open.BODY);
    assertThat(after(data.readSlice(99))).isEqualTo(Open.BODY);
    assertThat(after(data)).isEqualTo(Open.NOTHING);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 24, 33, 1000})
  void framesAreCountedHoweverTheBytesAreCut(int size) {
    ByteBuf all = Unpooled.wrappedBuffer(
        preface(),
        frame(SETTINGS, 0, 0),
        frame(HEADERS, END_HEADERS, 300),
        frame(DATA, 0, 70_000),
        frame(DATA, 1, 0));
    while (all.isReadable()) {
      watch.read(all.readSlice(Math.min(size, all.readableBytes())));
    }
    assertThat(watch.complete()).isEqualTo(4);
    assertThat(watch.open()).isEqualTo(Open.NOTHING);
  }
}
