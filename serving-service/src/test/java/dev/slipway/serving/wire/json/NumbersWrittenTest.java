package dev.slipway.serving.wire.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.predict.InferenceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Numbers that are written without Jackson are byte for byte what Jackson, and so the JDK, makes of them. */
class NumbersWrittenTest {
  @Property(tries = 5_000)
  void aFloatIsWrittenAsTheJdkDoes(@ForAll("floats") float value) throws InferenceException {
    assertThat(written(List.of(value), JsonGenerator::writeNumber))
        .isEqualTo("[" + expected(value) + "]");
  }

  @Property(tries = 5_000)
  void aDoubleIsWrittenAsTheJdkDoes(@ForAll("doubles") double value) throws InferenceException {
    assertThat(written(List.of(value), JsonGenerator::writeNumber))
        .isEqualTo("[" + expected(value) + "]");
  }

  @Example
  void everyPowerOfTwoAndItsNeighbours() throws InferenceException {
    List<Float> floats = Stream.iterate(Float.MIN_VALUE, Float::isFinite, value -> 2 * value)
        .flatMap(value -> Stream.of(Math.nextDown(value), value, -value, Math.nextUp(value)))
        .toList();
    List<Double> doubles = Stream.iterate(Double.MIN_VALUE, Double::isFinite, value -> 2 * value)
        .flatMap(value -> Stream.of(Math.nextDown(value), value, -value, Math.nextUp(value)))
        .toList();

    assertThat(written(floats, JsonGenerator::writeNumber)).isEqualTo(expected(floats));
    assertThat(written(doubles, JsonGenerator::writeNumber)).isEqualTo(expected(doubles));
  }

  @Example
  void everyPowerOfTenAndWhatItsFormTurnsOn() throws InferenceException {
    List<Double> doubles = Stream.iterate(-330, power -> power <= 310, power -> power + 1)
        .flatMap(power -> Stream.of("1", "9", "1.5", "9.999999999999998", "-1.2345678")
            .map(digits -> Double.valueOf(digits + "e" + power)))
        .toList();
    List<Float> floats = doubles.stream().map(Double::floatValue).toList();

    assertThat(written(floats, JsonGenerator::writeNumber)).isEqualTo(expected(floats));
    assertThat(written(doubles, JsonGenerator::writeNumber)).isEqualTo(expected(doubles));
  }

  /** At once, more of them than the buffer takes, words among them. */
  @Property(tries = 100)
  void aTensorIsWrittenInOrder(@ForAll("manyFloats") List<Float> values) throws InferenceException {
    ByteBuffer data =
        ByteBuffer.allocateDirect(2 * values.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    values.forEach(data::putFloat);
    values.forEach(data::putFloat);
    var tensor = new Tensor("x", DataType.FP32, Shape.of(2, values.size()), data.flip());

    byte[] document = JsonTensors.document((out, tensors) -> {
      out.writeStartArray();
      tensors.nested(tensor);
      tensors.flat(tensor);
      out.writeEndArray();
    });

    String row = expected(values);
    String flat = row.substring(0, row.length() - 1) + "," + row.substring(1);
    assertThat(new String(document, StandardCharsets.UTF_8))
        .isEqualTo("[[" + row + "," + row + "]," + flat + "]");
  }

  /** More of them than the buffer takes, among other values. */
  @Property(tries = 100)
  void manyAreWrittenInOrder(@ForAll("manyFloats") List<Float> values) throws InferenceException {
    String text = new String(
        JsonTensors.document((out, _) -> {
          out.writeStartObject();
          for (int i = 0; i < values.size(); i++) {
            out.writeNumberField("n" + i, values.get(i));
            out.writeFieldName("s" + i);
            out.writeStartArray();
            out.writeNumber(i);
            out.writeNumber((double) values.get(i));
            out.writeString("\u00e9");
            out.writeEndArray();
          }
          out.writeEndObject();
        }),
        StandardCharsets.UTF_8);

    var expected = new StringBuilder("{");
    for (int i = 0; i < values.size(); i++) {
      expected
          .append(i > 0 ? "," : "")
          .append("\"n%d\":%s,\"s%d\":[%d,%s,\"\u00e9\"]"
              .formatted(i, expected(values.get(i)), i, i, expected((double) values.get(i))));
    }
    assertThat(text).isEqualTo(expected.append("}").toString());
  }

  @Provide
  Arbitrary<Float> floats() {
    return Arbitraries.oneOf(
        Arbitraries.integers().map(Float::intBitsToFloat),
        Arbitraries.floats().between(-1_000, 1_000),
        Arbitraries.integers().map(Integer::floatValue),
        Arbitraries.shorts().map(Short::floatValue),
        Arbitraries.integers().between(-100_000, 100_000).map(hundredth -> hundredth / 100f));
  }

  @Provide
  Arbitrary<Double> doubles() {
    return Arbitraries.oneOf(
        Arbitraries.longs().map(Double::longBitsToDouble),
        Arbitraries.doubles().between(-1_000, 1_000).ofScale(17),
        Arbitraries.longs().map(Long::doubleValue),
        floats().map(Float::doubleValue),
        Arbitraries.integers().between(-100_000, 100_000).map(hundredth -> hundredth / 100d));
  }

  @Provide
  Arbitrary<List<Float>> manyFloats() {
    return floats().list().ofMinSize(100).ofMaxSize(500);
  }

  @FunctionalInterface
  private interface Writer<T> {
    void write(JsonGenerator out, T value) throws IOException;
  }

  private static <T> String written(List<T> values, Writer<T> writer) throws InferenceException {
    byte[] document = JsonTensors.document((out, _) -> {
      out.writeStartArray();
      for (T value : values) {
        writer.write(out, value);
      }
      out.writeEndArray();
    });
    return new String(document, StandardCharsets.UTF_8);
  }

  private static String expected(List<? extends Number> values) {
    return values.stream()
        .map(NumbersWrittenTest::expected)
        .collect(Collectors.joining(",", "[", "]"));
  }

  /** By Jackson's word for those that JSON has none for. */
  private static String expected(Number value) {
    return Double.isFinite(value.doubleValue()) ? value.toString() : "\"" + value + "\"";
  }
}
