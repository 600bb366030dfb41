package dev.slipway.common.store;

import dev.slipway.common.artifact.Digest;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Where bytes live. Thread-safe. A key is 1 to 512 characters: segments of ASCII letters, digits and {@code . _ = -}, not
 * beginning with a dot, separated by '/'; anything else is an {@link IllegalArgumentException}. A key is not also a folder of
 * another key. Every method throws {@link ObjectStoreException}: {@link ObjectStoreException.Missing} for a key that is not
 * there, {@link ObjectStoreException.Unreachable} for a store that does not answer, {@link ObjectStoreException.Mismatch} for
 * bytes that are not what was promised.
 */
public interface ObjectStore extends AutoCloseable {

  /** What is known of an object. {@code size} is in bytes. */
  record ObjectInfo(String key, long size) {}

  /** What was written: the size and digest computed on the way. */
  record Written(String key, long size, Digest digest) {}

  /**
   * Streams {@code content} to a new object. The object is there whole, or not at all: a reader never sees part of it, and a
   * failure of the stream leaves nothing under the key; an object that was there before is replaced at the end, or stays. The
   * stream is read to its end and not closed. Memory is bounded by one part, whatever the size.
   *
   * @throws ObjectStoreException.SourceFailed when reading {@code content} throws an IOException; what else it throws passes
   *     through unchanged, and nothing is written either
   */
  Written put(String key, InputStream content);

  /**
   * Opens the object from {@code offset} (bytes) for at most {@code length} bytes; -1 means to the end. A range that begins at
   * or behind the end is empty. The caller closes the stream; a store that goes away meanwhile is an IOException of its reads,
   * never a short stream.
   */
  InputStream get(String key, long offset, long length);

  default InputStream get(String key) {
    return get(key, 0, -1);
  }

  /** Size of the object; empty when it is not there. */
  Optional<ObjectInfo> stat(String key);

  /**
   * Up to {@code limit} objects whose key starts with {@code prefix}, in the byte order of the keys, after {@code startAfter}
   * (exclusive; null: from the first).
   */
  List<ObjectInfo> list(String prefix, String startAfter, int limit);

  /** Deletes the object; deleting what is not there is no error. */
  void delete(String key);

  /** Time-limited links into the store; empty when it has none (a directory). */
  default Optional<Presigner> presigner() {
    return Optional.empty();
  }

  @Override
  void close();
}
