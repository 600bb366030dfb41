package dev.slipway.serving.wire.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.slipway.serving.predict.Echo;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.PredictConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads JSON request bodies, which are UTF-8 (RFC 8259, section 8.1). What is not JSON is the caller's fault, and the answer says where; the bare
 * {@code NaN} and {@code Infinity} that Python's {@code json} writes are taken for numbers.
 */
@Singleton
public class JsonBody {
  /** Of an object whose fields the protocol names; there are ten of them. */
  private static final int MAX_FIELDS = 1_000;

  /** Of a value, in characters. */
  private static final int MAX_VALUE = 41;

  private final JsonFactory factory;
  private final long maxElements;

  @Inject
  JsonBody(PredictConfig config) {
    this(config.maxElements(), config.maxJsonDepth());
  }

  public JsonBody(long maxElements, int maxDepth) {
    this.maxElements = maxElements;
    this.factory = new NumbersFactory(new JsonFactoryBuilder()
        .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
        .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(maxDepth)
            .maxStringLength(Integer.MAX_VALUE)
            .build()));
  }

  /** The most elements that a tensor may have. */
  public long maxElements() {
    return maxElements;
  }

  /** Reads one JSON object or array out of a body. */
  @FunctionalInterface
  public interface Reading<T> {
    /** The parser stands on the first token. */
    T read(JsonParser parser) throws IOException, InferenceException;
  }

  /** Reads the value in {@code length} bytes from {@code offset}; nothing may follow it. */
  public <T> T read(byte[] body, int offset, int length, Reading<T> reading)
      throws InferenceException {
    requireOneByteCharacters(body, offset, length);
    try (JsonParser parser = factory.createParser(body, offset, length)) {
      if (parser.nextToken() == null) {
        throw InferenceException.badInput("the body is empty; a JSON value is expected");
      }
      T result = reading.read(parser);
      if (parser.nextToken() != null) {
        throw InferenceException.badInput(
            "not JSON: more follows after the value" + at(parser.currentTokenLocation()));
      }
      return result;
    } catch (StreamConstraintsException e) {
      throw InferenceException.badInput("JSON beyond the limits: " + e.getOriginalMessage());
    } catch (JsonProcessingException e) {
      throw InferenceException.badInput(
          "not JSON: " + e.getOriginalMessage() + at(e.getLocation()));
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory could not be read", e);
    }
  }

  /** JSON begins with two ASCII characters: in UTF-16 and UTF-32 one of its first two bytes is zero, or there is a mark. */
  private static void requireOneByteCharacters(byte[] body, int offset, int length)
      throws InferenceException {
    if (length > 1
        && (body[offset] == 0 || body[offset + 1] == 0 || (body[offset] & 0xFF) >= 0xFE)) {
      throw InferenceException.badInput("not JSON: the body is not UTF-8");
    }
  }

  /** Reads again the value that begins at {@code offset}, by a parser of its own; what follows it is not looked at. */
  public <T> T again(byte[] body, int offset, int end, Reading<T> reading)
      throws IOException, InferenceException {
    try (JsonParser parser = factory.createParser(body, offset, end - offset)) {
      parser.nextToken();
      return reading.read(parser);
    }
  }

  private static String at(JsonLocation location) {
    return location == null
        ? ""
        : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
  }

  /** Fails unless the parser stands on {@code token}. */
  public static void expect(JsonParser parser, JsonToken token, String what)
      throws IOException, InferenceException {
    if (parser.currentToken() != token) {
      throw InferenceException.badInput(
          what + " is to be " + name(token) + ", got " + describe(parser));
    }
  }

  /** Fails unless the parser stands on {@code token}, which a row of the model's begins with. */
  public static void expectRow(JsonParser parser, JsonToken token, int row)
      throws IOException, InferenceException {
    if (parser.currentToken() != token) {
      throw InferenceException.misfit(
          "row " + row + " is to be " + name(token) + ", got " + describe(parser));
    }
  }

  /** The text of the string that the parser stands on. */
  public static String string(JsonParser parser, String what)
      throws IOException, InferenceException {
    expect(parser, JsonToken.VALUE_STRING, what);
    return parser.getText();
  }

  /** The value that the parser stands on, in a few characters. */
  public static String describe(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case null -> "the end of the body";
      case START_OBJECT, START_ARRAY -> name(token);
      case VALUE_STRING -> "the string \"" + Echo.of(parser.getText(), MAX_VALUE) + "\"";
      default -> Echo.of(parser.getText(), MAX_VALUE);
    };
  }

  private static String name(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT -> "an integer";
      default -> token.toString();
    };
  }

  /** Notes that a field was seen, and fails when it was seen before. */
  public static void once(Set<String> seen, String field, String where) throws InferenceException {
    if (!seen.add(field)) {
      throw InferenceException.badInput("'" + Echo.of(field) + "' stands twice in " + where);
    }
    if (seen.size() > MAX_FIELDS) {
      throw InferenceException.badInput(where + " has over " + MAX_FIELDS + " fields");
    }
  }

  /** A set for {@link #once}. */
  public static Set<String> fields() {
    return new TreeSet<>();
  }
}
