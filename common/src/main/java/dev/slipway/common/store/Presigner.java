package dev.slipway.common.store;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Links that let a client move bytes without passing through us, and the multipart calls around them. Only S3 has them. What
 * was uploaded through a link has no digest yet: read it once before it counts. Thread-safe; throws what
 * {@link ObjectStore} throws.
 */
public interface Presigner {

  /** One uploaded part. {@code number} counts from 1; {@code etag} is what the store answered to its PUT. */
  record Part(int number, String etag) {}

  /** A GET link, valid from a second to seven days. */
  URI get(String key, Duration validFor);

  /** A PUT link for the whole object, valid from a second to seven days. */
  URI put(String key, Duration validFor);

  /** Begins a multipart upload; the answer is its id. Nothing is under the key until {@link #completeMultipart}. */
  String createMultipart(String key);

  /** A PUT link for one part: 5 MiB to 5 GiB, the last one may be smaller; numbers 1 to 10,000. */
  URI part(String key, String uploadId, int number, Duration validFor);

  /**
   * Makes the object of its parts, in the order of their numbers.
   *
   * @throws ObjectStoreException.Missing when there is no such upload: never begun, completed or aborted
   * @throws ObjectStoreException.Mismatch when a part is not there, or is too small
   */
  void completeMultipart(String key, String uploadId, List<Part> parts);

  /** Drops the upload and its parts; dropping what is not there is no error. */
  void abortMultipart(String key, String uploadId);
}
