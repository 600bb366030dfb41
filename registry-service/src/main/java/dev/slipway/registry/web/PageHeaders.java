package dev.slipway.registry.web;

import jakarta.ws.rs.core.HttpHeaders;
import java.util.Map;

/** What each page, of an error too, tells the browser: nothing frames it, no script but ours, ask anew each time. */
final class PageHeaders {
  static final String TYPE = "text/html;charset=UTF-8";
  static final Map<String, String> ALL = Map.of(
      "Content-Security-Policy",
      "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'",
      "X-Content-Type-Options",
      "nosniff",
      "Referrer-Policy",
      "same-origin",
      HttpHeaders.VARY,
      HttpHeaders.ACCEPT,
      HttpHeaders.CACHE_CONTROL,
      "private, no-cache");

  private PageHeaders() {}
}
