package dev.slipway.serving.predict;

/** Text of a caller as an error may give it back: its beginning, for a name can be as long as a body. */
public final class Echo {
  private static final int LIMIT = 80;

  private Echo() {}

  /** A name or a value, in at most 80 characters. */
  public static String of(String text) {
    return of(text, LIMIT);
  }

  /**
   * @param limit in characters; no pair of surrogates is cut apart
   */
  public static String of(String text, int limit) {
    if (text == null || text.length() <= limit) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(limit - 2)) ? limit - 2 : limit - 1;
    return text.substring(0, end) + "…";
  }
}
