package dev.slipway.serving.wire.json;

/**
 * What a dialect takes for an element beside JSON's own value.
 *
 * @param nullIsNan null is NaN in a floating-point tensor: data frames, and what KServe's and MLServer's clients write for it
 * @param base64 {@code {"b64": "…"}} is bytes (TensorFlow Serving)
 * @param wholeFloats {@code 1.0} is an integer: a column of pandas that once had a gap has all its integers so, and MLflow casts them
 */
public record ElementRules(boolean nullIsNan, boolean base64, boolean wholeFloats) {
  public static final ElementRules STRICT = new ElementRules(false, false, false);
  public static final ElementRules OIP = new ElementRules(true, false, false);
  public static final ElementRules DATA_FRAME = new ElementRules(true, true, true);
  public static final ElementRules TF_SERVING = new ElementRules(false, true, false);
}
