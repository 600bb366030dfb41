package dev.slipway.registry.mlflow;

import java.net.URLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Set;
import java.util.regex.Pattern;

/** How a downloaded file is announced: as MLflow does, with what it takes for text. */
record FileName(String value) {
  private static final Set<String> TEXT = Set.of(
      "txt",
      "log",
      "err",
      "cfg",
      "conf",
      "cnf",
      "cf",
      "ini",
      "properties",
      "prop",
      "hocon",
      "toml",
      "yaml",
      "yml",
      "xml",
      "json",
      "js",
      "py",
      "py3",
      "csv",
      "tsv",
      "md",
      "rst",
      "ipynb",
      "MLmodel",
      "mlproject");
  /** RFC 9110's token: what a parameter may hold without quotes. */
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private static final Pattern VISIBLE_ASCII = Pattern.compile("[\\x20-\\x7e]+");

  String mediaType() {
    if (TEXT.contains(value.substring(value.lastIndexOf('.') + 1))) {
      return "text/plain";
    }
    String type = URLConnection.guessContentTypeFromName(value);
    return type == null ? "application/octet-stream" : type;
  }

  /** The value of {@code Content-Disposition}: RFC 6266, beyond ASCII as RFC 8187 says. */
  String attachment() {
    if (TOKEN.matcher(value).matches()) {
      return "attachment; filename=" + value;
    }
    if (VISIBLE_ASCII.matcher(value).matches()) {
      return "attachment; filename=\"" + value.replaceAll("([\"\\\\])", "\\\\$1") + '"';
    }
    String fallback =
        Normalizer.normalize(value, Normalizer.Form.NFKD).replaceAll("[^!#-\\[\\]-~]", "");
    return "attachment; filename=\"" + (fallback.isEmpty() ? "download" : fallback)
        + "\"; filename*=UTF-8''"
        + URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
