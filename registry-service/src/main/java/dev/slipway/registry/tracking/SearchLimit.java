package dev.slipway.registry.tracking;

import dev.slipway.registry.search.PageToken;
import java.util.List;

/** Which page of a search: its size and where it starts. One row more is read, to know whether another page follows. */
record SearchLimit(int size, long offset) {
  private static final int MOST = 50_000;

  static SearchLimit of(int maxResults, PageToken token) {
    if (maxResults < 1) {
      throw Refused.invalid("Invalid value " + maxResults
          + " for parameter 'max_results' supplied. It must be a positive integer");
    }
    if (maxResults > MOST) {
      throw Refused.invalid("Invalid value " + maxResults
          + " for parameter 'max_results' supplied. It must be at most " + MOST);
    }
    return new SearchLimit(maxResults, token.offset());
  }

  SqlText appendTo(SqlText statement) {
    return statement.append(" limit ? offset ?", size + 1L, offset);
  }

  boolean isCut(List<?> rows) {
    return rows.size() > size;
  }

  <T> Page<T> page(List<T> rows) {
    return isCut(rows)
        ? new Page<>(rows.subList(0, size), PageToken.ofOffset(offset + size).encoded())
        : new Page<>(rows, null);
  }
}
