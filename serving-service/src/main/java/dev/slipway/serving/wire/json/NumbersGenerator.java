package dev.slipway.serving.wire.json;

import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.core.json.UTF8JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.FloatBuffer;

/** Jackson's generator, which writes floating-point numbers straight into its buffer: no string for each. */
final class NumbersGenerator extends UTF8JsonGenerator {
  NumbersGenerator(
      IOContext context, int features, ObjectCodec codec, OutputStream out, char quote) {
    super(context, features, codec, out, quote);
  }

  @Override
  public void writeNumber(float value) throws IOException {
    if (!ShortestDecimals.takes(value)) {
      super.writeNumber(value);
      return;
    }
    makeRoom();
    _outputTail = ShortestDecimals.write(value, _outputBuffer, _outputTail);
  }

  @Override
  public void writeNumber(double value) throws IOException {
    if (!ShortestDecimals.takes(value)) {
      super.writeNumber(value);
      return;
    }
    makeRoom();
    _outputTail = ShortestDecimals.write(value, _outputBuffer, _outputTail);
  }

  /** All that remain, as values of the array that is open. */
  void writeNumbers(FloatBuffer values) throws IOException {
    if (values.hasRemaining()) {
      writeNumber(values.get());
    }
    while (values.hasRemaining()) {
      float value = values.get();
      if (ShortestDecimals.takes(value)) {
        // The array has a value already: what Jackson's writeValue would find out for each.
        flushWithout(1 + ShortestDecimals.ROOM);
        _outputBuffer[_outputTail] = ',';
        _outputTail = ShortestDecimals.write(value, _outputBuffer, _outputTail + 1);
      } else {
        super.writeNumber(value);
      }
    }
  }

  private void makeRoom() throws IOException {
    _verifyValueWrite(WRITE_NUMBER);
    flushWithout(ShortestDecimals.ROOM);
  }

  private void flushWithout(int room) throws IOException {
    if (_outputTail + room > _outputEnd) {
      _flushBuffer();
    }
  }
}
