package dev.slipway.common.store;

/** The door to the two stores. */
public final class ObjectStores {
  private ObjectStores() {}

  /**
   * Opens the store. An S3 store is not contacted unless it is to be created, so that a service starts while it is away.
   *
   * @throws ObjectStoreException.Unreachable when the directory is not there, or cannot be made; or the bucket cannot be made
   */
  public static ObjectStore open(StoreSettings settings) {
    return switch (settings) {
      case StoreSettings.Directory directory -> DirectoryObjectStore.open(directory);
      case StoreSettings.S3 s3 -> S3ObjectStore.open(s3);
    };
  }
}
