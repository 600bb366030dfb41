package dev.slipway.registry.api;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One byte range of a resource (RFC 9110, section 14). {@code offset} and {@code length} are in bytes. */
public record ByteRange(long offset, long length, boolean partial) {
  private static final Pattern FORM = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /** The range lies outside the resource (416). */
  public static final class NotSatisfiable extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /** The range that a Range header names; the whole for none, for several and for a form that is not ours, as the RFC lets. */
  public static ByteRange parse(String header, long size) throws NotSatisfiable {
    Matcher form = header == null ? null : FORM.matcher(header.trim());
    if (form == null
        || !form.matches()
        || (form.group(1).isEmpty() && form.group(2).isEmpty())) {
      return new ByteRange(0, size, false);
    }
    long first;
    long last;
    if (form.group(1).isEmpty()) {
      long suffix = Long.parseLong(form.group(2));
      if (suffix == 0) {
        throw new NotSatisfiable();
      }
      first = Math.max(0, size - suffix);
      last = size - 1;
    } else {
      first = Long.parseLong(form.group(1));
      last = form.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(form.group(2)));
    }
    if (first >= size || last < first) {
      throw new NotSatisfiable();
    }
    return new ByteRange(first, last - first + 1, true);
  }

  public String contentRange(long size) {
    return "bytes " + offset + "-" + (offset + length - 1) + "/" + size;
  }
}
