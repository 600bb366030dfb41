package dev.slipway.common.store;

import io.minio.GetObjectArgs;
import io.minio.ListObjectsV2Args;
import io.minio.MinioAsyncClient;
import io.minio.messages.ListBucketResultV2;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;

/**
 * Reads buckets that are somebody else's: any keys, nothing is ever written. It speaks to the one address that it is given,
 * follows no redirect and looks for credentials nowhere. Thread-safe. Errors are those of {@link ObjectStore}.
 */
public final class ForeignS3 implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration IO_TIMEOUT = Duration.ofSeconds(60);
  private static final int PAGE = 1000;

  private final MinioAsyncClient client;

  /** @param url scheme, host and port; nothing is contacted yet */
  public ForeignS3(URI url, String accessKey, String secretKey, String region) {
    client = MinioAsyncClient.builder()
        .endpoint(url.toString())
        .credentials(accessKey, secretKey)
        .region(region)
        .httpClient(httpClient(), true)
        .build();
  }

  /**
   * An object of a bucket as it was listed.
   *
   * @param size in bytes
   * @param etag the content's mark, by which a change after the listing is noticed
   */
  public record Item(String key, long size, String etag) {}

  private static OkHttpClient httpClient() {
    return new OkHttpClient.Builder()
        .dispatcher(new Dispatcher(Executors.newVirtualThreadPerTaskExecutor()))
        .followRedirects(false)
        .followSslRedirects(false)
        .connectTimeout(CONNECT_TIMEOUT)
        .readTimeout(IO_TIMEOUT)
        .writeTimeout(IO_TIMEOUT)
        .build();
  }

  /** Up to {@code limit} objects whose key starts with {@code prefix}, in the byte order of the keys. */
  public List<Item> list(String bucket, String prefix, int limit) {
    var found = new ArrayList<Item>();
    boolean more = true;
    while (more && found.size() < limit) {
      String after = found.isEmpty() ? null : found.getLast().key();
      ListBucketResultV2 page = page(bucket, prefix, after, Math.min(PAGE, limit - found.size()));
      page.contents()
          .forEach(item -> found.add(new Item(item.objectName(), item.size(), item.etag())));
      more = page.isTruncated() && !page.contents().isEmpty();
    }
    return List.copyOf(found);
  }

  private ListBucketResultV2 page(String bucket, String prefix, String after, int size) {
    var args = ListObjectsV2Args.builder().bucket(bucket).prefix(prefix).maxKeys(size);
    if (after != null) {
      args.startAfter(after);
    }
    return S3Calls.repeatable(prefix, () -> client.listObjectsV2(args.build())).result();
  }

  /**
   * Opens the object as it was listed. The caller closes the stream.
   *
   * @throws ObjectStoreException.Missing when it is gone
   * @throws ObjectStoreException.Unreachable also when it has changed since
   */
  public InputStream open(String bucket, Item item) {
    var args = GetObjectArgs.builder().bucket(bucket).object(item.key()).matchETag(item.etag());
    return S3Calls.repeatable(item.key(), () -> client.getObject(args.build()));
  }

  @Override
  public void close() {
    client.close();
  }
}
