package dev.slipway.registry.api;

import dev.slipway.common.stage.Stage;
import dev.slipway.registry.problem.RegistryException.Invalid;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parts of a request as HTTP writes them: page tokens, entity tags, tag filters, path segments. */
final class Web {
  private static final int MAX_PAGE = 1_000;
  private static final int DEFAULT_PAGE = 100;

  private Web() {}

  /** The page size asked for, 1 to 1,000; 100 when none is. */
  static int pageSize(Integer wanted) {
    if (wanted == null) {
      return DEFAULT_PAGE;
    }
    if (wanted < 1 || wanted > MAX_PAGE) {
      throw new Invalid("page_size is 1 to " + MAX_PAGE + ", not " + wanted);
    }
    return wanted;
  }

  /** An opaque token of the last key. */
  static String token(String key) {
    return key == null
        ? null
        : Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  static String key(String token) {
    if (token == null || token.isEmpty()) {
      return null;
    }
    try {
      return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notOurs) {
      throw new Invalid("page_token is not one that this registry gave");
    }
  }

  static Integer numericKey(String token) {
    String key = key(token);
    try {
      return key == null ? null : Integer.valueOf(key);
    } catch (NumberFormatException notOurs) {
      throw new Invalid("page_token is not one that this registry gave");
    }
  }

  static String etag(long revision) {
    return "\"" + revision + "\"";
  }

  /** The revision that If-Match names; null for none and for "*". */
  static Long revision(String ifMatch) {
    if (ifMatch == null || ifMatch.equals("*")) {
      return null;
    }
    try {
      return Long.valueOf(ifMatch.replaceAll("^(W/)?\"|\"$", ""));
    } catch (NumberFormatException notOurs) {
      throw new Invalid("If-Match is not an ETag that this registry gave");
    }
  }

  static Map<String, String> tags(List<String> filters) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (String filter : filters) {
      int colon = filter.indexOf(':');
      if (colon < 1) {
        throw new Invalid("a tag filter is written key:value, not '" + filter + "'");
      }
      tags.put(filter.substring(0, colon), filter.substring(colon + 1));
    }
    return tags;
  }

  static Stage stage(String text) {
    return text == null || text.isEmpty() ? null : Stage.of(text);
  }

  /** @throws Invalid when the body is missing */
  static <T> T body(T body) {
    if (body == null) {
      throw new Invalid("malformed-json", "a JSON body is expected here");
    }
    return body;
  }

  /** The path segment of a name. */
  static String segment(String name) {
    return java.net.URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
