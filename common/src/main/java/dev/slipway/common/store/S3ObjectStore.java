package dev.slipway.common.store;

import dev.slipway.common.artifact.Digest;
import io.minio.GetObjectArgs;
import io.minio.HeadObjectArgs;
import io.minio.ListObjectsV2Args;
import io.minio.MakeBucketArgs;
import io.minio.MinioAsyncClient;
import io.minio.PutObjectAPIArgs;
import io.minio.RemoveObjectArgs;
import io.minio.messages.ListBucketResultV2;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;

/**
 * Objects in a bucket of MinIO or any S3. An object up to one part goes up in one request; a larger one as a multipart upload,
 * part after part out of one buffer; all uploads together take at most a quarter of the heap, and further ones wait. An upload that fails is aborted; where even that fails, the store's own clean-up of
 * incomplete uploads has to take it (MinIO's default: after a day).
 */
final class S3ObjectStore implements ObjectStore {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration IO_TIMEOUT = Duration.ofSeconds(60);
  private static final int MAX_CALLS = 256;
  private static final int PAGE = 1000;

  /** What is smaller goes up without a part buffer. */
  private static final int SMALL = 64 << 10;

  /** Uploads may hold a quarter of the heap. */
  private static final int UPLOAD_SHARE = 4;

  private static final Duration UPLOAD_PATIENCE = Duration.ofSeconds(60);

  private final MinioAsyncClient client;
  private final String bucket;
  private final PartBuffers buffers;
  private final S3Presigner presigner;

  private S3ObjectStore(MinioAsyncClient client, StoreSettings.S3 settings) {
    this.client = client;
    this.bucket = settings.bucket();
    this.buffers = new PartBuffers(
        settings.partSize(), Runtime.getRuntime().maxMemory() / UPLOAD_SHARE, UPLOAD_PATIENCE);
    this.presigner = new S3Presigner(client, settings);
  }

  static S3ObjectStore open(StoreSettings.S3 settings) {
    var client = MinioAsyncClient.builder()
        .endpoint(settings.url().toString())
        .credentials(settings.accessKey(), settings.secretKey())
        .region(settings.region())
        .httpClient(httpClient(), true)
        .build();
    var store = new S3ObjectStore(client, settings);
    if (settings.create()) {
      try {
        store.createBucket(settings.region());
      } catch (RuntimeException e) {
        store.close();
        throw e;
      }
    }
    return store;
  }

  /** OkHttp's own dispatcher lets five calls at a time through to one host. */
  private static OkHttpClient httpClient() {
    var dispatcher = new Dispatcher(Executors.newVirtualThreadPerTaskExecutor());
    dispatcher.setMaxRequests(MAX_CALLS);
    dispatcher.setMaxRequestsPerHost(MAX_CALLS);
    return new OkHttpClient.Builder()
        .dispatcher(dispatcher)
        .connectTimeout(CONNECT_TIMEOUT)
        .readTimeout(IO_TIMEOUT)
        .writeTimeout(IO_TIMEOUT)
        .build();
  }

  private void createBucket(String region) {
    try {
      S3Calls.repeatable(
          bucket,
          () -> client.makeBucket(
              MakeBucketArgs.builder().bucket(bucket).region(region).build()));
    } catch (ObjectStoreException.Unreachable e) {
      if (!S3Calls.hasCode(e.getCause(), "BucketAlreadyOwnedByYou")
          && !S3Calls.hasCode(e.getCause(), "BucketAlreadyExists")) {
        throw e;
      }
    }
  }

  @Override
  public Written put(String key, InputStream content) {
    ObjectKey.require(key);
    byte[] head = new byte[SMALL];
    int length = fill(key, content, head, 0);
    return length < SMALL
        ? putWhole(key, head, length)
        : buffers.with(key, part -> putLarge(key, head, part, content));
  }

  private Written putLarge(String key, byte[] head, byte[] part, InputStream content) {
    System.arraycopy(head, 0, part, 0, head.length);
    int length = head.length + fill(key, content, part, head.length);
    if (length < part.length) {
      return putWhole(key, part, length);
    }
    MessageDigest sha256 = Digest.sha256();
    long size = new S3Upload(client, bucket, key, sha256).run(part, content);
    return new Written(key, size, Digest.ofHash(sha256.digest()));
  }

  private Written putWhole(String key, byte[] content, int length) {
    MessageDigest sha256 = Digest.sha256();
    sha256.update(content, 0, length);
    S3Calls.repeatable(
        key,
        () -> client.putObject(PutObjectAPIArgs.builder()
            .bucket(bucket)
            .object(key)
            .data(content, length)
            .build()));
    return new Written(key, length, Digest.ofHash(sha256.digest()));
  }

  /** Reads until the buffer is full or the content ends; answers how much came. */
  private static int fill(String key, InputStream content, byte[] buffer, int from) {
    try {
      return content.readNBytes(buffer, from, buffer.length - from);
    } catch (IOException e) {
      throw new ObjectStoreException.SourceFailed(key, e);
    }
  }

  @Override
  public InputStream get(String key, long offset, long length) {
    ObjectKey.require(key);
    if (offset < 0 || length < -1) {
      throw new IllegalArgumentException("no range from " + offset + " of length " + length);
    }
    if (length == 0) {
      if (stat(key).isEmpty()) {
        throw new ObjectStoreException.Missing(key);
      }
      return InputStream.nullInputStream();
    }
    var args = GetObjectArgs.builder().bucket(bucket).object(key);
    if (offset > 0 || length > 0) {
      args.offset(offset);
    }
    if (length > 0) {
      args.length(length);
    }
    try {
      return S3Calls.repeatable(key, () -> client.getObject(args.build()));
    } catch (ObjectStoreException.Unreachable e) {
      if (S3Calls.hasCode(e.getCause(), "InvalidRange")) {
        return InputStream.nullInputStream();
      }
      throw e;
    }
  }

  @Override
  public Optional<ObjectInfo> stat(String key) {
    ObjectKey.require(key);
    try {
      var head = S3Calls.repeatable(
          key,
          () -> client.headObject(
              HeadObjectArgs.builder().bucket(bucket).object(key).build()));
      return Optional.of(new ObjectInfo(key, head.size()));
    } catch (ObjectStoreException.Missing missing) {
      return Optional.empty();
    }
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int limit) {
    ObjectKey.requirePrefix(prefix);
    var found = new ArrayList<ObjectInfo>();
    String after = startAfter;
    boolean more = true;
    while (more && found.size() < limit) {
      ListBucketResultV2 page = page(prefix, after, Math.min(PAGE, limit - found.size()));
      for (var item : page.contents()) {
        found.add(new ObjectInfo(item.objectName(), item.size()));
      }
      more = page.isTruncated() && !page.contents().isEmpty();
      after = found.isEmpty() ? after : found.getLast().key();
    }
    return List.copyOf(found);
  }

  private ListBucketResultV2 page(String prefix, String after, int size) {
    var args = ListObjectsV2Args.builder().bucket(bucket).prefix(prefix).maxKeys(size);
    if (after != null && !after.isEmpty()) {
      args.startAfter(after);
    }
    return S3Calls.repeatable(prefix, () -> client.listObjectsV2(args.build())).result();
  }

  @Override
  public void delete(String key) {
    ObjectKey.require(key);
    try {
      S3Calls.repeatable(
          key,
          () -> client.removeObject(
              RemoveObjectArgs.builder().bucket(bucket).object(key).build()));
    } catch (ObjectStoreException.Missing alreadyGone) {
      // The contract: deleting what is not there is no error.
    }
  }

  @Override
  public Optional<Presigner> presigner() {
    return Optional.of(presigner);
  }

  @Override
  public void close() {
    client.close();
  }
}
