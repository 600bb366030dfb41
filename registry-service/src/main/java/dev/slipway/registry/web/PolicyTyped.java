package dev.slipway.registry.web;

import jakarta.ws.rs.core.MultivaluedMap;

/**
 * A policy that somebody sent in a form.
 *
 * @param text as JSON; null where the fields were filled in
 */
record PolicyTyped(PolicyFields fields, String text) {

  /** @param form in which {@code rules} is the JSON */
  static PolicyTyped of(MultivaluedMap<String, String> form) {
    return new PolicyTyped(PolicyFields.typed(form), form.getFirst("rules"));
  }

  /** The record that the form was filled from; null for any. */
  static Long seen(MultivaluedMap<String, String> form) {
    String seen = form.getFirst("seen");
    return seen != null && seen.matches("\\d{1,18}") ? Long.valueOf(seen) : null;
  }

  Notice at(Notice notice) {
    return notice.at(fields.errors(), PolicyFields::label);
  }
}
