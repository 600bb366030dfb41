package dev.slipway.common.store;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;

/** Which object store, and how it is reached. */
public sealed interface StoreSettings {

  /**
   * A directory of this machine.
   *
   * @param create makes the directory when it is not there; else opening a missing one is refused
   */
  record Directory(Path root, boolean create) implements StoreSettings {
    public Directory {
      Objects.requireNonNull(root, "root");
    }
  }

  /**
   * A bucket of MinIO or any S3.
   *
   * @param url scheme, host and port; a path is not allowed
   * @param region as the server has it; "us-east-1" is MinIO's default
   * @param create makes the bucket when it is not there, when the store is opened; else the store is not contacted then
   * @param partSize bytes of one part of a multipart upload, 5 MiB to 1 GiB: what one upload holds in memory
   */
  record S3(
      URI url,
      String bucket,
      String accessKey,
      String secretKey,
      String region,
      boolean create,
      int partSize)
      implements StoreSettings {
    public static final int DEFAULT_PART_SIZE = 8 << 20;
    private static final int MIN_PART_SIZE = 5 << 20;
    private static final int MAX_PART_SIZE = 1 << 30;

    public S3 {
      Objects.requireNonNull(url, "url");
      requireText(bucket, "bucket");
      requireText(accessKey, "access key");
      requireText(secretKey, "secret key");
      region = region == null || region.isBlank() ? "us-east-1" : region;
      if (partSize < MIN_PART_SIZE || partSize > MAX_PART_SIZE) {
        throw new IllegalArgumentException(
            "the part size of an upload is 5 MiB to 1 GiB, not " + partSize + " bytes");
      }
    }

    public S3(URI url, String bucket, String accessKey, String secretKey, String region) {
      this(url, bucket, accessKey, secretKey, region, false, DEFAULT_PART_SIZE);
    }

    /** These settings, with the bucket made when it is not there. */
    public S3 creating() {
      return new S3(url, bucket, accessKey, secretKey, region, true, partSize);
    }

    private static void requireText(String value, String what) {
      if (value == null || value.isBlank()) {
        throw new IllegalArgumentException("the object store needs its " + what);
      }
    }

    /** Without the keys. */
    @Override
    public String toString() {
      return "S3[url=" + url + ", bucket=" + bucket + ", region=" + region + "]";
    }
  }
}
