package dev.slipway.registry.api;

import dev.slipway.registry.problem.RegistryException.Invalid;
import java.util.List;
import java.util.function.ToLongFunction;

/** Pages of things that are numbered, newest first, each asked for with one item more than it shows. */
final class Paging {
  private Paging() {}

  /** The number that a page's items are below. */
  static long before(String token) {
    String key = Web.key(token);
    try {
      return key == null ? Long.MAX_VALUE : Long.parseLong(key);
    } catch (NumberFormatException notOurs) {
      throw new Invalid("page_token is not one that this registry gave");
    }
  }

  static <T> List<T> cut(List<T> found, int size) {
    return found.size() > size ? found.subList(0, size) : found;
  }

  /** The token of the next page; null when there is none. */
  static <T> String next(List<T> found, int size, ToLongFunction<T> number) {
    return found.size() > size
        ? Web.token(String.valueOf(number.applyAsLong(found.get(size - 1))))
        : null;
  }
}
