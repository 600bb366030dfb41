package dev.slipway.serving.wire.json;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.io.IOContext;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Makes a {@link NumbersParser} of what is UTF-8 without a mark, and Jackson's own parser of what has one; and a
 * {@link NumbersGenerator} of what is to be UTF-8.
 */
final class NumbersFactory extends JsonFactory {
  private static final long serialVersionUID = 1;

  NumbersFactory(JsonFactoryBuilder builder) {
    super(builder);
  }

  @Override
  protected JsonParser _createParser(byte[] body, int offset, int length, IOContext context)
      throws IOException {
    boolean marked = length > 0 && body[offset] < 0;
    if (marked) {
      return super._createParser(body, offset, length, context);
    }
    context.setEncoding(JsonEncoding.UTF8);
    return new NumbersParser(
        context,
        _parserFeatures,
        _objectCodec,
        _byteSymbolCanonicalizer.makeChild(_factoryFeatures),
        body,
        offset,
        offset + length);
  }

  NumbersGenerator generator(OutputStream out) throws IOException {
    return (NumbersGenerator) createGenerator(out);
  }

  @Override
  protected JsonGenerator _createUTF8Generator(OutputStream out, IOContext context)
      throws IOException {
    return new NumbersGenerator(context, _generatorFeatures, _objectCodec, out, _quoteChar);
  }
}
