package dev.slipway.serving.wire.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a caller takes (RFC 9110, sections 12.5.1 and 12.5.3): media ranges and codings with weights; the most specific one that fits
 * counts.
 */
public final class Accept {
  private Accept() {}

  /**
   * The offer that weighs most; the earlier of equals.
   *
   * @param header the Accept header; null when there is none, and anything is taken
   * @return empty when the caller takes none of them
   */
  public static Optional<String> best(String header, List<String> offers) {
    if (header == null || header.isBlank()) {
      return Optional.of(offers.getFirst());
    }
    String best = null;
    double most = 0;
    for (String offer : offers) {
      double weight = weight(header, offer);
      if (weight > most) {
        best = offer;
        most = weight;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Whether an Accept-Encoding header takes gzip: it, or anything else, has a weight above 0. */
  static boolean takesGzip(String header) {
    double any = 0;
    for (String range : header.toLowerCase(Locale.ROOT).split(",")) {
      String[] parts = range.split(";");
      String coding = parts[0].strip();
      if (coding.equals("gzip") || coding.equals("x-gzip")) {
        return quality(parts) > 0;
      }
      if (coding.equals("*")) {
        any = quality(parts);
      }
    }
    return any > 0;
  }

  private static double weight(String header, String offer) {
    int specific = -1;
    double weight = 0;
    for (String range : header.toLowerCase(Locale.ROOT).split(",")) {
      String[] parts = range.split(";");
      int fits = fits(parts[0].strip(), offer);
      if (fits > specific) {
        specific = fits;
        weight = quality(parts);
      }
    }
    return weight;
  }

  /** 2 for the type itself, 1 for its family, 0 for anything, -1 when it does not fit. */
  private static int fits(String range, String offer) {
    if (range.equals(offer)) {
      return 2;
    }
    if (range.equals("*/*")) {
      return 0;
    }
    return range.equals(offer.substring(0, offer.indexOf('/')) + "/*") ? 1 : -1;
  }

  private static double quality(String[] parts) {
    for (String part : parts) {
      String parameter = part.strip();
      if (parameter.startsWith("q=")) {
        try {
          return Double.parseDouble(parameter.substring(2).strip());
        } catch (NumberFormatException unreadable) {
          return 0;
        }
      }
    }
    return 1;
  }
}
