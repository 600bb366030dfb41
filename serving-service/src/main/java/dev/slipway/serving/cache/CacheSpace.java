package dev.slipway.serving.cache;

import dev.slipway.common.artifact.Digest;
import dev.slipway.serving.cache.ArtifactException.Kind;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The cache's book-keeping: what lies there or is on its way, how big, when last used, who needs it. No input or output.
 * Guarded by the cache's lock.
 */
final class CacheSpace {

  /** One version on disk or being fetched; whoever uses it holds it. */
  static final class Entry {
    private final long bytes;
    private long lastUsed;
    private int users;

    Entry(long bytes, long lastUsed) {
      this.bytes = bytes;
      this.lastUsed = lastUsed;
    }
  }

  private final long maxBytes;
  private final Map<Digest, Entry> entries = new HashMap<>();
  private Set<Digest> named = Set.of();
  private long ticks;

  CacheSpace(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Versions found on disk at start, in the order in which they were last used. */
  void found(Digest digest, long bytes) {
    entries.put(digest, new Entry(bytes, ++ticks));
  }

  void named(Set<Digest> digests) {
    named = Set.copyOf(digests);
  }

  /** Notes one more user of what is there; empty when it is not. */
  Optional<Entry> use(Digest digest) {
    Entry entry = entries.get(digest);
    if (entry != null) {
      entry.users++;
      entry.lastUsed = ++ticks;
    }
    return Optional.ofNullable(entry);
  }

  /** The end of one use. */
  void release(Entry entry) {
    entry.users--;
  }

  /** Books room for a version that is about to be fetched, with its first user. */
  Entry reserve(Digest digest, long bytes) throws ArtifactException {
    if (used() + bytes > maxBytes) {
      throw new ArtifactException(
          Kind.QUOTA,
          "version digest " + digest + " needs " + bytes + " bytes; the cache holds " + used()
              + " of " + maxBytes + " bytes, all in use: raise slipway.serving.cache.max-size");
    }
    Entry entry = new Entry(bytes, ++ticks);
    entry.users = 1;
    entries.put(digest, entry);
    return entry;
  }

  void remove(Digest digest) {
    entries.remove(digest);
  }

  /** What to delete next so that {@code bytes} fit: least recently used, neither in use nor named by the feed. */
  Optional<Digest> victimFor(long bytes) {
    if (used() + bytes <= maxBytes) {
      return Optional.empty();
    }
    return entries.entrySet().stream()
        .filter(each -> each.getValue().users == 0 && !named.contains(each.getKey()))
        .min(Comparator.comparingLong(each -> each.getValue().lastUsed))
        .map(Map.Entry::getKey);
  }

  long used() {
    return entries.values().stream().mapToLong(entry -> entry.bytes).sum();
  }

  int versions() {
    return entries.size();
  }
}
