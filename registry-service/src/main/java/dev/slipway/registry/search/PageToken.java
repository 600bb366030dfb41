package dev.slipway.registry.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where the next page starts: Base64 of a JSON object that has at least {@code offset}, as MLflow's. Opaque to clients; other
 * properties carry what a search needs to go on without counting again.
 */
public record PageToken(ObjectNode content) {
  private static final ObjectMapper JSON = new ObjectMapper();
  /** Base64 comes in groups of so many characters. */
  private static final int BASE64_GROUP = 4;

  /** A token that only counts. */
  public static PageToken ofOffset(long offset) {
    return new PageToken(JsonNodeFactory.instance.objectNode().put("offset", offset));
  }

  /**
   * Reads a token; null and the empty one start at the beginning.
   *
   * @throws SearchSyntaxException when it is not one of ours
   */
  public static PageToken parse(String token) {
    if (token == null || token.isEmpty()) {
      return ofOffset(0);
    }
    JsonNode content = decode(token);
    if (!(content instanceof ObjectNode object)
        || !object.path("offset").canConvertToLong()
        || !object.path("offset").isIntegralNumber()
        || object.path("offset").asLong() <= 0) {
      throw new SearchSyntaxException("Invalid page token, parsed value=" + content);
    }
    return new PageToken(object);
  }

  public long offset() {
    return content.path("offset").asLong();
  }

  /** The form that travels. */
  public String encoded() {
    return Base64.getEncoder().encodeToString(content.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode decode(String token) {
    // The decoder would forgive padding that is missing; MLflow does not.
    if (token.length() % BASE64_GROUP != 0) {
      throw notBase64();
    }
    String decoded;
    try {
      decoded = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException wrong) {
      throw notBase64();
    }
    try {
      return JSON.readTree(decoded);
    } catch (JsonProcessingException notJson) {
      throw new SearchSyntaxException("Invalid page token, decoded value=" + decoded);
    }
  }

  private static SearchSyntaxException notBase64() {
    return new SearchSyntaxException("Invalid page token, could not base64-decode");
  }
}
