package dev.slipway.common.store;

import io.minio.AbortMultipartUploadArgs;
import io.minio.CompleteMultipartUploadArgs;
import io.minio.CreateMultipartUploadArgs;
import io.minio.MinioAsyncClient;
import io.minio.UploadPartArgs;
import io.minio.messages.Part;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/** One multipart upload, part after part out of one buffer: complete, or aborted. */
final class S3Upload {
  private static final int MAX_PARTS = 10_000;

  private final MinioAsyncClient client;
  private final String bucket;
  private final String key;
  private final MessageDigest sha256;
  private final List<Part> parts = new ArrayList<>();
  private long size;

  S3Upload(MinioAsyncClient client, String bucket, String key, MessageDigest sha256) {
    this.client = client;
    this.bucket = bucket;
    this.key = key;
    this.sha256 = sha256;
  }

  /** Uploads {@code buffer}, which is full, then what {@code rest} gives, through the same buffer. Answers the size. */
  long run(byte[] buffer, InputStream rest) {
    String uploadId = begin(client, bucket, key);
    try {
      for (int filled = buffer.length; filled > 0; filled = fill(buffer, rest)) {
        upload(uploadId, buffer, filled);
      }
      complete(client, bucket, key, uploadId, parts);
      return size;
    } catch (RuntimeException | Error failure) {
      try {
        abort(client, bucket, key, uploadId);
      } catch (ObjectStoreException abortFailure) {
        failure.addSuppressed(abortFailure);
      }
      throw failure;
    }
  }

  private int fill(byte[] buffer, InputStream rest) {
    try {
      return rest.readNBytes(buffer, 0, buffer.length);
    } catch (IOException e) {
      throw new ObjectStoreException.SourceFailed(key, e);
    }
  }

  private void upload(String uploadId, byte[] buffer, int length) {
    int number = parts.size() + 1;
    if (number > MAX_PARTS) {
      throw new IllegalArgumentException("an object has at most " + MAX_PARTS + " parts: '" + key
          + "' needs a part size above " + buffer.length + " bytes");
    }
    sha256.update(buffer, 0, length);
    var answer = S3Calls.repeatable(
        key,
        () -> client.uploadPart(UploadPartArgs.builder()
            .bucket(bucket)
            .object(key)
            .uploadId(uploadId)
            .partNumber(number)
            .data(buffer, length)
            .build()));
    parts.add(answer.part());
    size += length;
  }

  static String begin(MinioAsyncClient client, String bucket, String key) {
    return S3Calls.once(
            key,
            () -> client.createMultipartUpload(
                CreateMultipartUploadArgs.builder().bucket(bucket).object(key).build()))
        .result()
        .uploadId();
  }

  static void complete(
      MinioAsyncClient client, String bucket, String key, String uploadId, List<Part> parts) {
    S3Calls.once(
        key,
        () -> client.completeMultipartUpload(CompleteMultipartUploadArgs.builder()
            .bucket(bucket)
            .object(key)
            .uploadId(uploadId)
            .parts(parts.toArray(Part[]::new))
            .build()));
  }

  static void abort(MinioAsyncClient client, String bucket, String key, String uploadId) {
    try {
      S3Calls.repeatable(
          key,
          () -> client.abortMultipartUpload(AbortMultipartUploadArgs.builder()
              .bucket(bucket)
              .object(key)
              .uploadId(uploadId)
              .build()));
    } catch (ObjectStoreException.Missing alreadyGone) {
      // Aborted twice, or completed: nothing is left to abort.
    }
  }
}
