package dev.slipway.common.store;

import io.minio.GetPresignedObjectUrlArgs;
import io.minio.Http;
import io.minio.MinioAsyncClient;
import io.minio.errors.MinioException;
import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Presigned links by the MinIO client; signing needs no call to the store. */
final class S3Presigner implements Presigner {
  private static final Duration LONGEST = Duration.ofDays(7);

  private final MinioAsyncClient client;
  private final String bucket;
  private final String region;

  S3Presigner(MinioAsyncClient client, StoreSettings.S3 settings) {
    this.client = client;
    this.bucket = settings.bucket();
    this.region = settings.region();
  }

  @Override
  public URI get(String key, Duration validFor) {
    return sign(Http.Method.GET, key, validFor, Map.of());
  }

  @Override
  public URI put(String key, Duration validFor) {
    return sign(Http.Method.PUT, key, validFor, Map.of());
  }

  @Override
  public String createMultipart(String key) {
    return S3Upload.begin(client, bucket, ObjectKey.require(key));
  }

  @Override
  public URI part(String key, String uploadId, int number, Duration validFor) {
    if (number < 1 || number > 10_000) {
      throw new IllegalArgumentException("part numbers are 1 to 10,000, not " + number);
    }
    return sign(
        Http.Method.PUT,
        key,
        validFor,
        Map.of("uploadId", uploadId, "partNumber", Integer.toString(number)));
  }

  @Override
  public void completeMultipart(String key, String uploadId, List<Part> parts) {
    List<io.minio.messages.Part> ordered = parts.stream()
        .sorted(Comparator.comparingInt(Part::number))
        .map(part -> new io.minio.messages.Part(part.number(), part.etag()))
        .toList();
    S3Upload.complete(client, bucket, ObjectKey.require(key), uploadId, ordered);
  }

  @Override
  public void abortMultipart(String key, String uploadId) {
    S3Upload.abort(client, bucket, ObjectKey.require(key), uploadId);
  }

  private URI sign(
      Http.Method method, String key, Duration validFor, Map<String, String> parameters) {
    ObjectKey.require(key);
    if (validFor.compareTo(Duration.ofSeconds(1)) < 0 || validFor.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "a link is valid from a second to seven days, not " + validFor);
    }
    try {
      return URI.create(client.getPresignedObjectUrl(GetPresignedObjectUrlArgs.builder()
          .method(method)
          .bucket(bucket)
          .region(region)
          .object(key)
          .expiry((int) validFor.toSeconds(), TimeUnit.SECONDS)
          .extraQueryParams(parameters)
          .build()));
    } catch (MinioException e) {
      throw S3Calls.translate(key, e);
    }
  }
}
