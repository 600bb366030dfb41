package dev.slipway.serving.wire.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.TensorSink;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Numbers that are read without Jackson are what the JDK makes of their text, bit for bit, and all else is as with Jackson. */
class NumbersTest {
  private static final int MAX_ELEMENTS = 1_000;

  private final JsonBody json = new JsonBody(MAX_ELEMENTS, 64);

  @Property(tries = 2_000)
  void aFloatIsTheOneThatTheJdkReads(@ForAll("numbers") String text) throws InferenceException {
    float expected = Float.parseFloat(text);

    if (Float.isInfinite(expected)) {
      assertThatThrownBy(() -> read(DataType.FP32, "[" + text + "]"))
          .hasMessageContaining("out of range for FP32");
    } else {
      assertThat(Float.floatToRawIntBits(read(DataType.FP32, "[" + text + "]").getFloat()))
          .isEqualTo(Float.floatToRawIntBits(expected));
    }
  }

  @Property(tries = 2_000)
  void aDoubleIsTheOneThatTheJdkReads(@ForAll("numbers") String text) throws InferenceException {
    double expected = Double.parseDouble(text);

    if (Double.isInfinite(expected)) {
      assertThatThrownBy(() -> read(DataType.FP64, "[" + text + "]"))
          .hasMessageContaining("out of range for FP64");
    } else {
      assertThat(
              Double.doubleToRawLongBits(read(DataType.FP64, "[" + text + "]").getDouble()))
          .isEqualTo(Double.doubleToRawLongBits(expected));
    }
  }

  @Property(tries = 2_000)
  void whatIsAnsweredWithoutJacksonIsTheNearest(
      @ForAll long mantissa, @ForAll("exponents") int exponent) {
    String text = Long.toUnsignedString(mantissa) + "e" + exponent;

    double asDouble = Decimals.toDouble(mantissa, exponent);
    float asFloat = Decimals.toFloat(mantissa, exponent);

    assertThat(asDouble)
        .satisfiesAnyOf(
            value -> assertThat(value).isNaN(),
            value -> assertThat(value).isEqualTo(Double.parseDouble(text)));
    assertThat(asFloat)
        .satisfiesAnyOf(
            value -> assertThat(value).isNaN(),
            value -> assertThat(value).isEqualTo(Float.parseFloat(text)));
  }

  @Example
  void usualNumbersAreAnsweredWithoutJackson() {
    assertThat(Decimals.toFloat(5488135039273248L, -16))
        .isEqualTo(Float.parseFloat("0.5488135039273248"));
    assertThat(Decimals.toFloat(-12, -5)).isEqualTo(Float.parseFloat("184467440737095.51604"));
    assertThat(Decimals.toDouble(54881350392732476L, -17)).isEqualTo(0.5488135039273248);
    assertThat(Decimals.toDouble(17976931348623157L, -36)).isEqualTo(1.7976931348623157e-20);
  }

  @Property(tries = 2_000)
  void anIntegerIsWholeOrRefused(@ForAll("integers") String text, @ForAll DataType datatype)
      throws InferenceException {
    if (!isInteger(datatype)) {
      return;
    }
    var value = new BigDecimal(text).toBigIntegerExact();
    int bits = datatype.elementSize() * Byte.SIZE;
    boolean fits = datatype.isUnsigned()
        ? value.signum() >= 0 && value.bitLength() <= bits
        : value.bitLength() < bits;

    if (fits) {
      ByteBuffer data = read(datatype, "[0," + text + "]");
      assertThat(lowBits(data, datatype))
          .isEqualTo(value.longValue() & (-1L >>> (Long.SIZE - bits)));
    } else {
      assertThatThrownBy(() -> read(datatype, "[0," + text + "]"))
          .hasMessageContaining("element 1")
          .hasMessageContaining("out of range for " + datatype);
    }
  }

  /** Compared in what they give or say: spaces, lines, signs, points, brackets, words and cut ends wherever they fall. */
  @Property(tries = 3_000)
  void anyTextIsReadAsJacksonReadsIt(@ForAll("nearlyJson") String text, @ForAll DataType datatype) {
    assertThat(outcome(datatype, text, true)).isEqualTo(outcome(datatype, text, false));
  }

  @Example
  void anErrorBehindNumbersNamesItsLineAndColumn() {
    assertThatThrownBy(() -> read(DataType.FP32, "[1.5, 2.5,\n  3.5,\n 4.5, x]"))
        .hasMessageContaining("line 3, column 9");
  }

  @Example
  void theLimitOfElementsHoldsAmongNumbers() {
    assertThatThrownBy(() -> read(DataType.FP32, "[" + "1.5,".repeat(MAX_ELEMENTS) + "1.5]"))
        .hasMessageContaining("more than " + MAX_ELEMENTS + " elements");
  }

  @Example
  void aNumberOfOverAThousandCharactersIsRefused() {
    assertThatThrownBy(() -> read(DataType.FP32, "[1, 0." + "0".repeat(1_000) + "1]"))
        .hasMessageContaining("beyond the limits");
  }

  @Provide
  Arbitrary<String> numbers() {
    Arbitrary<Double> doubles = Arbitraries.longs().map(Double::longBitsToDouble);
    Arbitrary<Float> floats = Arbitraries.integers().map(Float::intBitsToFloat);
    Arbitrary<String> shortest = doubles.filter(Double::isFinite).map(Object::toString);
    Arbitrary<String> ofFloats = floats.filter(Float::isFinite).map(Object::toString);
    Arbitrary<String> widened =
        floats.filter(Float::isFinite).map(value -> Double.toString((double) value));
    Arbitrary<String> usual =
        Arbitraries.doubles().between(-1_000, 1_000).ofScale(17).map(Object::toString);
    Arbitrary<String> exact =
        floats.filter(Float::isFinite).map(value -> new BigDecimal((double) value).toString());
    Arbitrary<String> halfway = floats
        .filter(value -> Float.isFinite(Math.nextUp(value)))
        .map(value -> new BigDecimal(((double) value + Math.nextUp(value)) / 2).toString());
    Arbitrary<String> beside = floats
        .filter(value -> Float.isFinite(Math.nextUp(value)))
        .map(value -> Double.toString(Math.nextUp(((double) value + Math.nextUp(value)) / 2)));
    Arbitrary<String> edges = Arbitraries.of(
        "0",
        "-0.0",
        "0.0",
        "0e0",
        "-0e-9",
        "16777217",
        "9007199254740993",
        "18446744073709551615",
        "18446744073709551616",
        "1e22",
        "1e23",
        "8.5e-46",
        "1.4e-45",
        "7.006492321624085e-46",
        "1.1754943508222875e-38",
        "3.4028235677973366e38",
        "3.4028234e38",
        "4.9e-324",
        "2.2250738585072011e-308",
        "1.7976931348623157e308",
        "1.7976931348623159e308",
        "1e400",
        "0.000000000000000000000012345678901234567",
        "123456789012345678901234567890.5");
    return Arbitraries.oneOf(
            shortest, ofFloats, widened, usual, exact, halfway, beside, integers(), edges)
        .map(text -> text.replace("E+", "e").replace('E', 'e'));
  }

  @Provide
  Arbitrary<String> integers() {
    return Arbitraries.oneOf(
        Arbitraries.longs().map(Object::toString),
        Arbitraries.longs().map(Long::toUnsignedString),
        Arbitraries.longs().between(-70_000, 70_000).map(Object::toString),
        Arbitraries.bigIntegers().map(Object::toString));
  }

  @Provide
  Arbitrary<Integer> exponents() {
    return Arbitraries.integers().between(-80, 80);
  }

  @Provide
  Arbitrary<String> nearlyJson() {
    List<String> parts = List.of(
        "[",
        "]",
        ",",
        ",",
        ",",
        "1",
        "-2.5",
        "0.1",
        "1e3",
        " ",
        "\n",
        "\r\n",
        "\t",
        "-",
        ".",
        "e",
        "01",
        "-0",
        "-0.0",
        "300",
        "1.",
        "\"NaN\"",
        "\"x\"",
        "null",
        "true",
        "1e99999",
        "0.12345678901234567",
        "12345678",
        "x",
        "\u00e9",
        "{",
        "}",
        "/",
        "+1");
    return Arbitraries.of(parts)
        .list()
        .ofMaxSize(12)
        .map(list -> "[" + String.join("", list))
        .flatMap(text -> Arbitraries.of(text + "]", text));
  }

  private static boolean isInteger(DataType datatype) {
    return datatype.name().contains("INT");
  }

  private static long lowBits(ByteBuffer data, DataType datatype) {
    return switch (datatype.elementSize()) {
      case Byte.BYTES -> Byte.toUnsignedLong(data.get(1));
      case Short.BYTES -> Short.toUnsignedLong(data.getShort(2));
      case Integer.BYTES -> Integer.toUnsignedLong(data.getInt(4));
      default -> data.getLong(8);
    };
  }

  private ByteBuffer read(DataType datatype, String text) throws InferenceException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    return json.read(body, 0, body.length, parser -> copy(datatype, parser));
  }

  /**
   * What is read, or the error's words. A byte order mark makes it Jackson's own parser that reads; as columns are counted from the
   * start of a line, there is a line before.
   */
  private String outcome(DataType datatype, String text, boolean byJackson) {
    byte[] body = ((byJackson ? "\uFEFF\n" : "\n") + text).getBytes(StandardCharsets.UTF_8);
    try {
      return json.read(body, 0, body.length, parser -> {
        try (var sink = new TensorSink("x", datatype, 1, MAX_ELEMENTS)) {
          Shape shape = NestedArray.read(parser, sink, ElementRules.STRICT);
          ByteBuffer data = sink.finish(shape).data();
          var bytes = new byte[data.remaining()];
          data.get(bytes);
          return shape + " " + HexFormat.of().formatHex(bytes);
        }
      });
    } catch (InferenceException e) {
      return e.getMessage();
    }
  }

  private static ByteBuffer copy(DataType datatype, JsonParser parser)
      throws IOException, InferenceException {
    try (var sink = new TensorSink("x", datatype, 1, MAX_ELEMENTS)) {
      NestedArray.read(parser, sink, ElementRules.STRICT);
      ByteBuffer data = sink.finish(Shape.of(sink.count())).data();
      return ByteBuffer.allocate(data.remaining()).order(data.order()).put(data).flip();
    }
  }
}
