package dev.slipway.registry.artifact;

import dev.slipway.common.store.ObjectStore;
import dev.slipway.common.store.ObjectStoreException;
import dev.slipway.common.store.Presigner;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** A store with links, as S3 has them: a completed upload is forgotten, and its object is what {@code parts} hold together. */
final class SigningStore implements ObjectStore, Presigner {
  private final ObjectStore store;
  private final Supplier<InputStream> parts;
  private final Set<String> begun = ConcurrentHashMap.newKeySet();

  SigningStore(ObjectStore store, Supplier<InputStream> parts) {
    this.store = store;
    this.parts = parts;
  }

  @Override
  public Optional<Presigner> presigner() {
    return Optional.of(this);
  }

  @Override
  public String createMultipart(String key) {
    String id = UUID.randomUUID().toString();
    begun.add(id);
    return id;
  }

  @Override
  public void completeMultipart(String key, String uploadId, List<Part> sent) {
    if (!begun.remove(uploadId)) {
      throw new ObjectStoreException.Missing(uploadId);
    }
    store.put(key, parts.get());
  }

  @Override
  public void abortMultipart(String key, String uploadId) {
    begun.remove(uploadId);
  }

  @Override
  public URI get(String key, Duration validFor) {
    return URI.create("http://store.test/" + key);
  }

  @Override
  public URI put(String key, Duration validFor) {
    return get(key, validFor);
  }

  @Override
  public URI part(String key, String uploadId, int number, Duration validFor) {
    return get(key, validFor);
  }

  @Override
  public Written put(String key, InputStream content) {
    return store.put(key, content);
  }

  @Override
  public InputStream get(String key, long offset, long length) {
    return store.get(key, offset, length);
  }

  @Override
  public Optional<ObjectInfo> stat(String key) {
    return store.stat(key);
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int limit) {
    return store.list(prefix, startAfter, limit);
  }

  @Override
  public void delete(String key) {
    store.delete(key);
  }

  @Override
  public void close() {
    store.close();
  }
}
