package dev.slipway.serving.cache;

import dev.slipway.common.store.ObjectStore;
import dev.slipway.common.store.ObjectStoreException;
import java.io.InputStream;
import java.util.function.Supplier;

/** A store to read from that is opened when it is first needed: a replica starts, and serves what it has, while the store is away. */
public final class LateStore implements AutoCloseable {
  private final Supplier<ObjectStore> open;
  private ObjectStore store;

  /**
   * @param open throws {@link ObjectStoreException.Unreachable} while the store is away; then it is asked again the next time
   */
  public LateStore(Supplier<ObjectStore> open) {
    this.open = open;
  }

  /** As {@link ObjectStore#get(String)}. */
  InputStream get(String key) {
    return opened().get(key);
  }

  private synchronized ObjectStore opened() {
    if (store == null) {
      store = open.get();
    }
    return store;
  }

  @Override
  public synchronized void close() {
    if (store != null) {
      store.close();
    }
  }
}
