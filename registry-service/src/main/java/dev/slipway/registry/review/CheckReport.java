package dev.slipway.registry.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.registry.problem.RegistryException.Invalid;
import java.util.regex.Pattern;

/**
 * What an external system found about a request.
 *
 * @param name of the check: a later report under it replaces this one
 * @param verdict "green" or "red"
 * @param url where the details are, http or https; may be null
 * @param summary a line for the reader; may be null
 * @param data figures, kept as they came; may be null
 */
public record CheckReport(String name, String verdict, String url, String summary, JsonNode data) {
  static final String GREEN = "green";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._/-]{1,100}");
  private static final Pattern WEB = Pattern.compile("https?://[^\\s\\x00]{1,1990}");
  private static final int MAX_SUMMARY = 2_000;
  private static final int MAX_DATA = 100_000;

  /** @throws Invalid when a field is missing, too long or of another form; the message says which */
  void requireValid() {
    require(
        name != null && NAME.matcher(name).matches(),
        "a check has a name of 1 to 100 letters, digits, '.', '_', '/' or '-'");
    require(GREEN.equals(verdict) || "red".equals(verdict), "a verdict is 'green' or 'red'");
    require(
        url == null || WEB.matcher(url).matches(),
        "a check's url starts with http:// or https:// and has at most 1,990 characters after it");
    require(
        summary == null || (summary.length() <= MAX_SUMMARY && summary.indexOf('\0') < 0),
        "a check's summary has at most " + MAX_SUMMARY + " characters and no NUL");
    String text = data == null ? "" : data.toString();
    require(
        text.length() <= MAX_DATA && !text.contains("\\u0000"),
        "a check's data is at most " + MAX_DATA + " characters of JSON and holds no NUL");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new Invalid(otherwise);
    }
  }
}
