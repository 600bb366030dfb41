package dev.slipway.serving.wire.json;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.core.json.UTF8StreamJsonParser;
import com.fasterxml.jackson.core.sym.ByteQuadsCanonicalizer;
import dev.slipway.serving.predict.InferenceException;

/**
 * Jackson's parser, which can also run along the numbers of an array by itself: no token, no copy of its digits for each. What is
 * out of the ordinary it leaves to Jackson, before which it stops; so errors and limits are Jackson's.
 */
final class NumbersParser extends UTF8StreamJsonParser {
  private final NumberScan scan = new NumberScan();
  private boolean lines;

  NumbersParser(
      IOContext context,
      int features,
      ObjectCodec codec,
      ByteQuadsCanonicalizer symbols,
      byte[] body,
      int offset,
      int end) {
    super(context, features, null, codec, symbols, body, offset, end, 0, false);
  }

  /** Takes one number. */
  @FunctionalInterface
  interface Taker {
    /** False, and nothing taken, where it is not for it to say what the number is. */
    boolean take(NumberScan number) throws InferenceException;
  }

  /**
   * Hands on the numbers that follow in an array, up to its end or to what is none. The next token is what would come after them.
   *
   * @param opened whether the parser stands on the array's bracket; else on a value in it
   * @return how many were taken
   */
  int numbers(boolean opened, Taker taker) throws InferenceException {
    int began = _inputPtr;
    int count = 0;
    boolean integer = false;
    lines = false;
    while (true) {
      int at = _inputPtr;
      if (count > 0 || !opened) {
        at = blank(at);
        if (at >= _inputEnd || _inputBuffer[at] != ',') {
          break;
        }
        at++;
      }
      at = blank(at);
      if (at >= _inputEnd || !scan.read(_inputBuffer, at, _inputEnd) || !taker.take(scan)) {
        break;
      }
      _inputPtr = scan.end();
      integer = scan.integer();
      count++;
    }
    if (count > 0) {
      // Errors name the token before.
      _currToken = integer ? JsonToken.VALUE_NUMBER_INT : JsonToken.VALUE_NUMBER_FLOAT;
      if (opened) {
        // The first value of the array was read: what follows it is a comma.
        _parsingContext.expectComma();
      }
    }
    if (lines) {
      countLines(began);
    }
    return count;
  }

  /** Where the next byte is that is no space, or one that Jackson is to look at. */
  private int blank(int from) {
    int at = from;
    while (at < _inputEnd && _inputBuffer[at] <= ' ') {
      switch (_inputBuffer[at]) {
        case ' ', '\t' -> at++;
        case '\n' -> {
          lines = true;
          at++;
        }
        default -> {
          return at;
        }
      }
    }
    return at;
  }

  private void countLines(int began) {
    for (int i = began; i < _inputPtr; i++) {
      if (_inputBuffer[i] == '\n') {
        _currInputRow++;
        _currInputRowStart = i + 1;
      }
    }
  }
}
